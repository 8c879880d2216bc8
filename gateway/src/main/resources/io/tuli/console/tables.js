import { $, clock, count, element, millis, rate, rows, say, some, span, svg } from './dom.js'

// ---- members ------------------------------------------------------------------------------------

/** Green for what most hold, yellow for the next, red for the rest. */
function digestColours (lines) {
  const holders = new Map()
  for (const { digest } of lines) holders.set(digest, (holders.get(digest) || 0) + 1)
  const order = [...holders].sort((one, other) => other[1] - one[1]).map(([digest]) => digest)
  return digest => ['good', 'odd'][order.indexOf(digest)] || 'bad'
}

export function showMembers (state, service) {
  const lines = service ? service.rows : []
  const colourOf = digestColours(lines)
  const byMember = new Map(lines.map(line => [line.member, line]))
  rows($('members-table'), ['Member', 'Role', 'Address', 'Link', 'State', '>Owned', '>Replica', '>Commits', '>Lag', '>Keys', 'Digest', '>Up'],
    state.members.map(member => {
      const line = byMember.get(member.id)
      const isMissing = !line && service && service.servers.includes(member.id)
      const own = line
        ? [
            { text: line.state, className: line.state === 'ready' ? '' : line.state === 'broken' ? 'bad' : 'odd' },
            count(line.owned), count(line.replicas), count(line.commits),
            { text: count(line.lag), className: line.lag ? 'odd' : '' }, count(line.keys),
            { text: line.digest.slice(0, 8), className: 'mono ' + colourOf(line.digest), title: line.digest }, span(line.upMillis)
          ]
        : [{ text: isMissing ? 'no answer' : '–', className: isMissing ? 'bad' : '' }, '–', '–', '–', '–', '–', '–', '–']
      return {
        key: member.id,
        cells: [
          { text: member.name, title: member.id }, member.role, member.port ? `${member.host}:${member.port}` : member.host,
          { text: member.link, className: ['connected', 'self', 'client'].includes(member.link) ? '' : 'bad' }, ...own
        ]
      }
    }))
}

// ---- services -----------------------------------------------------------------------------------

export function showServices (state, writes, choose) {
  rows($('services-table'), ['Service', 'Application', 'Version', '>Servers', '>Keys', '>Writes/s', '>Lag', 'Replicas', 'Methods', 'Events', 'At this gateway'],
    state.services.map(service => {
      const digests = new Set(service.rows.map(row => row.digest))
      const most = field => Math.max(0, ...service.rows.map(row => row[field]))
      const isEven = digests.size <= 1
      return {
        key: service.name,
        cells: [
          { text: service.name, onclick: () => choose(service.name) }, service.application || '–', service.versions.join(', ') || '–',
          count(service.servers.length), service.stateless ? '–' : count(most('keys')), service.stateless ? '–' : rate(writes.get(service.name) || 0),
          service.stateless ? '–' : { text: count(most('lag')), className: most('lag') ? 'odd' : '' },
          service.stateless ? 'no state' : service.rows.length === 0
            ? { text: 'no answer', className: 'bad' }
            : { text: isEven ? 'equal' : `${digests.size} differ`, className: isEven ? 'good' : 'odd' },
          { text: some(service.methods, 8) || '–', title: service.methods.join(', '), className: 'wide' },
          { text: some(service.events, 6) || '–', title: service.events.join(', '), className: 'wide' },
          {
            text: service.paths.map(({ path, calls, failures, p99 }) => `/${path}: ${rate(calls)} calls/s${failures ? `, ${rate(failures)} failed` : ''}${calls ? `, p99 ${millis(p99)}` : ''}`).join('; ') || 'not exposed',
            className: service.paths.some(each => each.failures) ? 'odd wide' : 'wide'
          }
        ]
      }
    }))
  say($('services-more'), state.otherServices ? `${count(state.otherServices)} more services are not shown.` : '')
}

// ---- rates --------------------------------------------------------------------------------------

const KEPT = 300
const LINES = [
  ['writes', 'Writes/s of the service', rate], ['all', 'Writes/s of all services', rate], ['lag', 'Entries behind', count],
  ['calls', 'Calls/s at this gateway', rate], ['failures', 'Failed calls/s', rate], ['p50', 'p50 of calls', millis], ['p99', 'p99 of calls', millis]
]
const series = new Map()

function lineOf ([key, title]) {
  const value = element('span', { className: 'value' })
  const path = svg('path')
  const box = svg('svg', { class: 'spark', viewBox: '0 0 300 40', preserveAspectRatio: 'none', 'aria-hidden': 'true' }, path)
  $('rates').append(element('div', { className: 'rate' }, element('span', { textContent: title }), value, box))
  return { key, value, path, values: [] }
}

export function showRates (values) {
  for (const line of LINES) {
    const [key, , written] = line
    if (!series.has(key)) series.set(key, lineOf(line))
    const one = series.get(key)
    one.values.push(values[key])
    if (one.values.length > KEPT) one.values.shift()
    say(one.value, written(values[key]))
    const top = Math.max(...one.values, 1e-9)
    const from = KEPT - one.values.length
    one.path.setAttribute('d', one.values.map((each, at) => `${at ? 'L' : 'M'}${from + at} ${(38 - 36 * each / top).toFixed(1)}`).join(''))
  }
}

export function forgetRates (...keys) {
  for (const key of keys) if (series.has(key)) series.get(key).values.length = 0
}

// ---- events -------------------------------------------------------------------------------------

const EVENTS_MOST = 300
const events = new Map()
const GOOD = /JOINED|_UP$|APPEARED|RECOVERED/
const BAD = /LEFT|DOWN|REFUSED|DISCARDED|FAILED|LOST|STOPPED|BROKEN|HELD_UP|INEXACT/

export function addEvent (event) {
  events.set(event.number, event)
  while (events.size > EVENTS_MOST) events.delete(events.keys().next().value)
}

/** A gateway that was started again counts from the beginning. */
export function forgetEvents () {
  events.clear()
}

export function showEvents () {
  if ($('events-pause').checked) return
  const wanted = $('events-filter').value.toLowerCase()
  const all = [...events.values()].reverse().filter(each => `${each.kind} ${each.subject} ${each.text}`.toLowerCase().includes(wanted))
  say($('events-count'), `${count(all.length)} of ${count(events.size)}`)
  const shown = all.map(each => each.number).join()
  if ($('events-list').shown === shown) return
  $('events-list').shown = shown
  $('events-list').replaceChildren(...all.map(each => element('li', { className: GOOD.test(each.kind) ? 'good' : BAD.test(each.kind) ? 'bad' : '' },
    element('time', { textContent: each.at ? clock(each.at) : '' }), ' ',
    element('strong', { textContent: each.kind.toLowerCase().replaceAll('_', ' ') }), ' ',
    element('span', { textContent: each.subject }), ' ', element('span', { className: 'faint', textContent: each.text }))))
}

$('events-filter').oninput = showEvents
$('events-pause').onchange = showEvents
