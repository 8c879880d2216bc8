import { $, clock, count, element, indented, say, tryLines } from './dom.js'
import { choose, ownerOf } from './ring.js'

const LIMIT = 100
const CHANGES_MOST = 200

let service = ''
let mesh = ''
let last = ''
let chosen = ''
let asked = 0

async function ask (what, values) {
  const response = await fetch(`api/${what}?${new URLSearchParams(values)}`, { cache: 'no-store' })
  const json = await response.json()
  if (!response.ok) throw new Error(json.message)
  return json
}

export function showService (name, meshName) {
  mesh = meshName
  if (name === service) return
  service = name
  chosen = ''
  say($('document-title'), 'No document chosen')
  say($('document-facts'), '')
  say($('document'), '')
  $('changes').replaceChildren()
  search('')
}

async function search (after) {
  const prefix = $('prefix').value
  const mine = ++asked
  tryLines('keys-try', [
    ['tuli', 'get', service, '--mesh', mesh, '--json'],
    ['tuli', 'watch', service, '--mesh', mesh],
    ['curl', `${location.origin}/console/api/keys?${new URLSearchParams({ service, prefix })}`],
    ...(chosen ? [['curl', `${location.origin}/console/api/document?${new URLSearchParams({ service, key: chosen })}`]] : [])
  ])
  if (!service) return
  try {
    const found = await ask('keys', { service, prefix, after, limit: LIMIT })
    if (mine !== asked) return
    say($('keys-count'), `${count(found.matching)} keys${found.whole ? '' : ' and more'}${prefix ? ' that begin so' : ''}`)
    $('keys-list').replaceChildren(...found.keys.map(key => {
      const button = element('button', { className: 'plain', textContent: key, ariaPressed: String(key === chosen) })
      button.onclick = () => open(key)
      return element('li', {}, button)
    }))
    last = found.keys.at(-1) || ''
    $('keys-next').hidden = found.keys.length < LIMIT
  } catch (error) {
    if (mine !== asked) return
    say($('keys-count'), error.message)
    $('keys-list').replaceChildren()
    $('keys-next').hidden = true
  }
}

async function open (key) {
  chosen = key
  for (const button of $('keys-list').querySelectorAll('button')) button.ariaPressed = String(button.textContent === key)
  try {
    const found = await ask('document', { service, key })
    say($('document-title'), key)
    const owner = ownerOf(service, found.partition)
    say($('document-facts'), (found.exists ? `version ${found.version}, ${count(found.bytes)} bytes, ` : 'there is none now; ') +
      `partition ${found.partition}${owner ? `, owner ${owner}` : ''}`)
    say($('document'), found.exists ? indented(found.text) : '')
    choose(found.partition)
    tryLines('keys-try', [
      ['tuli', 'ring', service, '--key', key, '--mesh', mesh],
      ['curl', `${location.origin}/console/api/document?${new URLSearchParams({ service, key })}`],
      ['curl', `${location.origin}/console/api/keys?${new URLSearchParams({ service, prefix: $('prefix').value })}`]
    ])
  } catch (error) {
    say($('document-title'), key)
    say($('document-facts'), error.message)
    say($('document'), '')
  }
}

export function addChange (change) {
  $('changes').prepend(element('li', { className: { add: 'good', remove: 'bad' }[change.verb] || '' },
    element('time', { textContent: clock(change.at) }), ' ', element('strong', { textContent: change.event || change.verb }), ' ',
    element('span', { textContent: change.key }), ' ', element('code', { textContent: change.text }),
    element('span', { className: 'faint', textContent: ` ${change.partition}@${change.position}` })))
  trim()
}

/** What was not told is told of. */
export function addGap (text) {
  $('changes').prepend(element('li', { className: 'odd', textContent: text }))
  trim()
}

function trim () {
  while ($('changes').childElementCount > CHANGES_MOST) $('changes').lastChild.remove()
}

$('keys-form').onsubmit = submitted => {
  submitted.preventDefault()
  search('')
  $('keys-form').dispatchEvent(new Event('searched'))
}
$('keys-next').onclick = () => search(last)
