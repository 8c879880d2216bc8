import { $, count, element, rate, say, tryLines } from './dom.js'
import { showRing } from './ring.js'
import { showGraph } from './graph.js'
import { addEvent, forgetEvents, forgetRates, showEvents, showMembers, showRates, showServices } from './tables.js'
import { addChange, addGap, showService } from './keys.js'

let chosen = new URLSearchParams(location.search).get('service') || ''
let stream = null
let state = null
let before = null
let newest = 0

// ---- one stream for all of the page -------------------------------------------------------------

function follow () {
  stream?.close()
  const asked = new URLSearchParams({ service: chosen })
  if ($('tail').checked) {
    asked.set('tail', chosen)
    asked.set('prefix', $('prefix').value)
  }
  stream = new EventSource('api/stream?' + asked)
  stream.onopen = () => live('live', 'good')
  stream.onerror = () => live(stream.readyState === EventSource.CLOSED ? 'refused; reload the page' : 'lost; coming back…', 'bad')
  on('state', told => { state = told; show() })
  on('mesh', event => {
    if (event.number < newest - 1000 || (event.number === 1 && newest > 1)) forgetEvents()
    newest = event.number
    addEvent(event)
    showEvents()
  })
  on('change', addChange)
  on('refused', ({ message }) => addGap(message))
  on('gap', ({ changes, events }) => {
    if (changes) addGap(`${count(changes)} changes came faster than this page is told them`)
    if (events) addGap(`${count(events)} events are no longer kept`)
  })
}

function on (kind, told) {
  const from = stream
  from.addEventListener(kind, message => { if (from === stream) told(JSON.parse(message.data)) })
}

function live (text, kind) {
  say($('live'), text)
  $('live').className = kind
}

// ---- what is shown ------------------------------------------------------------------------------

function choose (service) {
  if (service === chosen) return
  chosen = service
  history.replaceState(null, '', '?' + new URLSearchParams({ service }) + location.hash)
  forgetRates('writes', 'lag')
  follow()
  if (state) show()
}

const commitsOf = service => Math.max(0, ...service.rows.map(row => row.commits))

/** Writes a second of each service since the last picture. */
function writesPerSecond () {
  const seconds = before ? Math.max(0.2, (state.at - before.at) / 1000) : 1
  const now = new Map(state.services.map(each => [each.name, commitsOf(each)]))
  const writes = new Map()
  for (const [name, commits] of now) {
    const known = before?.commits.get(name)
    writes.set(name, known === undefined || commits === 0 ? 0 : Math.max(0, commits - known) / seconds)
  }
  if (!before || before.at !== state.at) before = { at: state.at, commits: now, writes: before && before.at === state.at ? before.writes : writes }
  return { writes, seconds }
}

function show () {
  const services = state.services.filter(each => !each.stateless)
  if (!state.services.some(each => each.name === chosen) && state.services.length) {
    choose((services[0] || state.services[0]).name)
    return
  }
  const service = state.services.find(each => each.name === chosen)
  const { writes, seconds } = writesPerSecond()
  const all = [...writes.values()].reduce((sum, each) => sum + each, 0)
  say($('mesh'), state.mesh)
  document.title = `${state.mesh} – Tuli console`
  say($('totals'), `${count(state.members.length + state.otherMembers)} members · ${count(state.services.length + state.otherServices)} services · ${rate(all)} writes/s`)
  options()
  showRing(state)
  showMembers(state, service)
  showServices(state, writes, choose)
  showGraph(state)
  showService(service && !service.stateless ? service.name : '', state.mesh)
  const paths = state.services.flatMap(each => each.paths)
  const called = paths.filter(each => each.calls)
  const sum = (list, field) => list.reduce((total, each) => total + each[field], 0)
  showRates({
    writes: writes.get(chosen) || 0,
    all,
    lag: Math.max(0, ...(service?.rows || []).map(row => row.lag)),
    calls: sum(paths, 'calls') / seconds,
    failures: sum(paths, 'failures') / seconds,
    p50: Math.max(0, ...called.map(each => each.p50)),
    p99: Math.max(0, ...called.map(each => each.p99))
  })
  lines()
}

function options () {
  const names = state.services.map(each => each.name)
  const select = $('service')
  if (select.shown !== names.join()) {
    select.shown = names.join()
    select.replaceChildren(...names.map(name => element('option', { value: name, textContent: name })))
  }
  if (select.value !== chosen) select.value = chosen
}

function lines () {
  const api = `${location.origin}/console/api/`
  tryLines('ring-try', [['tuli', 'ring', chosen, '--mesh', state.mesh], ['curl', `${api}ring?${new URLSearchParams({ service: chosen })}`]])
  tryLines('members-try', [['tuli', 'members', '--mesh', state.mesh], ['tuli', 'ls', chosen, '--mesh', state.mesh], ['curl', api + 'state']])
  tryLines('services-try', [['tuli', 'services', '--mesh', state.mesh], ['curl', location.origin + '/openapi.json']])
  tryLines('events-try', [['curl', api + 'events'], ['curl', '-N', api + 'stream']])
}

$('service').onchange = () => choose($('service').value)
$('tail').onchange = follow
$('keys-form').addEventListener('searched', () => { if ($('tail').checked) follow() })
follow()
