import { $, count, element, say, svg } from './dom.js'

const INNER = 74
const OUTER = 96
const LAG_INNER = 99
const LAG_OUTER = 104
const PULSE_MILLIS = 4000
const MOVE_MILLIS = 6000

let shown = { service: '', owners: [], servers: 0 }
let chosen = -1
let ring = null
let names = new Map()
let move = { at: 0, owners: [], before: 0, way: 0 }

function point (radius, turn) {
  const angle = turn * 2 * Math.PI - Math.PI / 2
  return `${(radius * Math.cos(angle)).toFixed(2)} ${(radius * Math.sin(angle)).toFixed(2)}`
}

/** A piece of a ring; a whole one is two halves. */
function arc (inner, outer, from, to) {
  if (to - from > 0.75) return arc(inner, outer, from, (from + to) / 2) + arc(inner, outer, (from + to) / 2, to)
  const large = to - from > 0.5 ? 1 : 0
  return `M${point(outer, from)}A${outer} ${outer} 0 ${large} 1 ${point(outer, to)}` +
    `L${point(inner, to)}A${inner} ${inner} 0 ${large} 0 ${point(inner, from)}Z`
}

const COLOURS = 8
const places = new Map()

/** A colour for each member: the same in all of the page, and as long as it is there. */
export function colour (members, id) {
  if (!places.has(id)) {
    const present = new Set(members.map(each => each.id))
    if (!present.has(id)) return 'none'
    for (const known of [...places.keys()]) if (!present.has(known)) places.delete(known)
    const taken = new Set(places.values())
    let place = 0
    while (taken.has(place)) place++
    places.set(id, place)
  }
  return 'm' + places.get(id) % COLOURS
}

function draw (size) {
  const gap = size > 1 ? Math.min(0.0008, 0.1 / size) : 0
  const pieces = Array.from({ length: size }, (_, at) => svg('path', { d: arc(INNER, OUTER, at / size + gap, (at + 1) / size - gap) }))
  const lags = Array.from({ length: size }, (_, at) => svg('path', { d: arc(LAG_INNER, LAG_OUTER, at / size + gap, (at + 1) / size - gap) }))
  pieces.forEach((piece, at) => { piece.onclick = () => choose(at) })
  $('ring-svg').replaceChildren(
    svg('g', { id: 'ring-pieces' }, ...pieces), svg('g', { id: 'ring-lags' }, ...lags),
    svg('text', { class: 'ring-name', y: -4 }), svg('text', { class: 'ring-size', y: 14 }))
}

export function showRing (state) {
  const told = state.ring || { service: '', members: [], partitions: [] }
  if (told.partitions.length === 0 && ring && told.service === ring.service) return // nobody has answered in time
  ring = told
  names = new Map(state.members.map(each => [each.id, each.name]))
  const { partitions, members } = ring
  const group = $('ring-pieces')
  if (!group || group.childElementCount !== partitions.length) draw(partitions.length)
  const owners = partitions.map(each => each[0] < 0 ? '' : members[each[0]])
  const isSame = shown.service === ring.service && shown.owners.length === owners.length
  const known = [...owners]
  let moved = 0
  owners.forEach((owner, at) => {
    const piece = $('ring-pieces').children[at]
    piece.setAttribute('class', `piece ${owner ? colour(state.members, owner) : 'none'}${at === chosen ? ' chosen' : ''}`)
    const behind = behindOf(partitions[at])
    $('ring-lags').children[at].setAttribute('class', behind < 0 ? 'lag alone' : behind === 0 ? 'lag even' : 'lag behind')
    const earlier = isSame ? shown.owners[at] : ''
    if (!owner && earlier) known[at] = earlier // until somebody else owns it
    if (earlier && owner && earlier !== owner) {
      moved++
      piece.classList.add('moved')
      setTimeout(() => piece.classList.remove('moved'), PULSE_MILLIS)
    }
  })
  const servers = new Set(owners.filter(Boolean)).size
  if (moved > 0) sayMoved(known, servers)
  if (!isSame) say($('ring-caption'), '')
  shown = { service: ring.service, owners: known, servers: known.every((each, at) => each === owners[at]) ? servers : shown.servers }
  const short = ring.service.length > 16 ? ring.service.slice(0, 15) + '…' : ring.service
  say($('ring-svg').querySelector('.ring-name'), partitions.length ? short : 'no partitions')
  say($('ring-svg').querySelector('.ring-size'), partitions.length ? `${count(partitions.length)} partitions` : '')
  legend(state, owners)
  explain()
}

/** Moves that come soon after each other are one change, unless servers come in one and go in the other. */
function sayMoved (owners, now) {
  const at = Date.now()
  const way = Math.sign(now - shown.servers)
  const goesOn = at - move.at < MOVE_MILLIS && (way === 0 || move.way === 0 || way === move.way)
  move = goesOn ? { ...move, at, way: move.way || way } : { at, owners: shown.owners, before: shown.servers, way }
  const moved = owners.filter((owner, partition) => owner !== move.owners[partition]).length
  const share = (100 * moved / owners.length).toFixed(1)
  const ideal = move.way === 0 ? '' : (100 / Math.max(now, move.before)).toFixed(1)
  say($('ring-caption'), `${count(moved)} of ${count(owners.length)} partitions moved: ${share} %` + (ideal ? `, ideal ${ideal} %` : ''))
}

/** Of the followers the one that is most behind; less than nothing where there is none. */
function behindOf ([, , , , followers]) {
  let most = -1
  for (let at = 1; at < followers.length; at += 2) most = Math.max(most, followers[at])
  return most
}

function legend (state, owners) {
  const owned = new Map()
  for (const owner of owners) if (owner) owned.set(owner, (owned.get(owner) || 0) + 1)
  const lines = [...owned].sort().map(([id, many]) => element('li', {},
    element('span', { className: 'swatch ' + colour(state.members, id) }),
    element('span', { textContent: names.get(id) || id }),
    element('span', { className: 'right', textContent: `${count(many)} · ${(100 * many / owners.length).toFixed(1)} %` })))
  const nobody = owners.filter(owner => !owner).length
  if (nobody) {
    lines.push(element('li', {}, element('span', { className: 'swatch none' }), 'nobody', element('span', { className: 'right', textContent: count(nobody) })))
  }
  $('legend').replaceChildren(...lines)
}

export function choose (partition) {
  chosen = partition
  for (const piece of $('ring-pieces').children) piece.classList.remove('chosen')
  $('ring-pieces').children[chosen]?.classList.add('chosen')
  explain()
}

export function ownerOf (service, partition) {
  if (!ring || ring.service !== service || !ring.partitions[partition]) return ''
  const [owner] = ring.partitions[partition]
  return owner < 0 ? 'nobody' : names.get(ring.members[owner]) || ring.members[owner]
}

function explain () {
  const partition = ring?.partitions[chosen]
  if (!partition) return
  const [owner, epoch, end, committed, followers] = partition
  const nameOf = place => names.get(ring.members[place]) || ring.members[place]
  const each = []
  for (let at = 0; at < followers.length; at += 2) {
    each.push(`${nameOf(followers[at])} (${followers[at + 1] === 0 ? 'even' : count(followers[at + 1]) + ' behind'})`)
  }
  say($('partition'), owner < 0
    ? `Partition ${chosen}: nobody owns it now.`
    : `Partition ${chosen}: owner ${nameOf(owner)}, epoch ${epoch}, log end ${count(end)}, committed to ${count(committed)}. ` +
      (each.length ? `Followers: ${each.join(', ')}.` : 'Nobody follows it.'))
}

$('ring-svg').addEventListener('keydown', pressed => {
  const step = { ArrowRight: 1, ArrowUp: 1, ArrowLeft: -1, ArrowDown: -1, PageUp: 16, PageDown: -16 }[pressed.key]
  const size = ring?.partitions.length || 0
  if (!step || !size) return
  pressed.preventDefault()
  choose(((chosen < 0 && step > 0 ? -1 : Math.max(chosen, 0)) + step + size) % size)
})
