import { $, say, svg } from './dom.js'
import { colour } from './ring.js'

const MOST = 60
const STEP = 34
const WIDE = 200
const COLUMNS = [10, 300, 590]
const LETTERS = 24

const short = text => text.length > LETTERS ? text.slice(0, LETTERS - 1) + '…' : text

function box (column, row, text, title, kind) {
  return svg('g', { class: 'node ' + kind },
    svg('title', {}, title),
    svg('rect', { x: COLUMNS[column], y: row * STEP + 6, width: WIDE, height: STEP - 8, rx: 6 }),
    svg('text', { x: COLUMNS[column] + 10, y: row * STEP + 23 }, short(text)))
}

function line (fromColumn, from, to, kind) {
  const x = COLUMNS[fromColumn] + WIDE
  const y = from * STEP + 19
  const toX = COLUMNS[fromColumn + 1]
  const toY = to * STEP + 19
  const half = (x + toX) / 2
  return svg('path', { class: 'edge ' + kind, d: `M${x} ${y}C${half} ${y} ${half} ${toY} ${toX} ${toY}` })
}

let drawn = ''

/** Drawn anew only where who is there, or what serves what, has changed. */
export function showGraph (state) {
  const members = state.members.slice(0, MOST)
  const services = state.services.slice(0, MOST)
  const hosts = [...new Set(members.map(each => each.host))]
  const wanted = JSON.stringify([members, services.map(each => [each.name, each.servers, each.rows.map(row => [row.member, row.serving])])])
  if (wanted === drawn) return
  drawn = wanted
  const lines = []
  members.forEach((member, at) => {
    lines.push(line(0, hosts.indexOf(member.host), at, member.link === 'connected' || member.link === 'self' || member.link === 'client' ? '' : 'down'))
  })
  services.forEach((service, at) => {
    const using = service.rows.filter(row => !row.serving).map(row => row.member)
    for (const [ids, kind] of [[service.servers, 'serves'], [using, 'uses']]) {
      for (const id of ids) {
        const from = members.findIndex(each => each.id === id)
        if (from >= 0) lines.push(line(1, from, at, kind))
      }
    }
  })
  const boxes = [
    ...hosts.map((host, at) => box(0, at, host, host, 'host')),
    ...members.map((member, at) => box(1, at, member.name,
      `${member.name}, ${member.role}, ${member.id}, link ${member.link}`, 'process ' + colour(state.members, member.id))),
    ...services.map((service, at) => box(2, at, service.name, service.name, 'service'))
  ]
  const high = Math.max(hosts.length, members.length, services.length, 1) * STEP + 8
  const target = $('graph-svg')
  target.setAttribute('viewBox', `0 0 800 ${high}`)
  target.setAttribute('width', '800')
  target.setAttribute('height', String(high))
  target.replaceChildren(...lines, ...boxes)
  const more = [[state.members.length + state.otherMembers - members.length, 'processes'], [state.services.length + state.otherServices - services.length, 'services']]
  say($('graph-note'), 'Lines: a process serves (whole) or uses (dashed) a service; red where this member has no link to a process. ' +
    more.filter(([many]) => many > 0).map(([many, what]) => `${many} more ${what} are not shown. `).join(''))
}
