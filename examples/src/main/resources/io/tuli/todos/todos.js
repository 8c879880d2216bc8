'use strict'

// ---- the client of npm, over both transports --------------------------------------------------

const SIX = ['find', 'get', 'create', 'update', 'patch', 'remove']
const socket = io({ transports: ['websocket'] })

function appOver (connection) {
  const app = feathers().configure(connection)
  app.use('replicas', connection.service('replicas'), { methods: [...SIX, 'start', 'stop', 'kill'] })
  return app
}

const apps = {
  socket: appOver(feathers.socketio(socket, { timeout: 8000 })),
  rest: appOver(feathers.rest(location.origin).fetch(window.fetch.bind(window)))
}
const app = () => apps[document.querySelector('input[name=transport]:checked').value]

// ---- what is shown; all of it as text, whatever is in it --------------------------------------

const $ = id => document.getElementById(id)
const DOTS_MAX = 60

function element (tag, properties, ...children) {
  const made = Object.assign(document.createElement(tag), properties)
  made.append(...children)
  return made
}

function showAnswer (kind, text) {
  $('answer').className = kind
  $('answer').textContent = text
  $('dots').append(element('span', { className: 'dot ' + kind, textContent: kind === 'bad' ? '!' : kind }))
  while ($('dots').childElementCount > DOTS_MAX) $('dots').firstChild.remove()
}

function showError (error) {
  showAnswer('bad', `${error.name || 'Error'} ${error.code || ''}: ${error.message}`)
}

// ---- todos ------------------------------------------------------------------------------------

const todos = new Map()

async function ask () {
  const begun = performance.now()
  try {
    const page = await app().service('todos').find({ query: { $limit: 50 } })
    const { name, pid } = page.replica
    const millis = (performance.now() - begun).toFixed(1)
    showAnswer(name === 'a' ? 'a' : 'b', `Replica ${name}, process ${pid}, has answered after ${millis} ms.`)
    todos.clear()
    for (const each of page.data) todos.set(each.id, each)
    showTodos()
    $('todos').classList.remove('stale')
  } catch (error) {
    showError(error)
    $('todos').classList.add('stale')
  }
}

async function attempt (call) {
  try {
    await call()
  } catch (error) {
    showError(error)
  }
}

function showTodos () {
  const sorted = [...todos.values()].sort((one, other) => String(one.id).localeCompare(String(other.id)))
  $('todos').replaceChildren(...sorted.map(todo => {
    const box = element('input', { type: 'checkbox', checked: todo.done, id: 'todo-' + todo.id })
    box.onchange = () => attempt(() => app().service('todos').patch(todo.id, { done: box.checked }))
    const label = element('label', { htmlFor: box.id, textContent: todo.title })
    const remove = element('button', { textContent: 'Remove', ariaLabel: 'Remove ' + todo.title })
    remove.onclick = () => attempt(() => app().service('todos').remove(todo.id))
    return element('li', { className: todo.done ? 'done' : '' }, box, label, remove)
  }))
}

const events = apps.socket.service('todos')
for (const event of ['created', 'updated', 'patched']) {
  events.on(event, todo => { todos.set(todo.id, todo); showTodos() })
}
events.on('removed', todo => { todos.delete(todo.id); showTodos() })

$('new').onsubmit = submitted => {
  submitted.preventDefault()
  const title = $('title').value
  attempt(async () => {
    await app().service('todos').create({ title })
    $('title').value = ''
  })
}

// ---- replicas ---------------------------------------------------------------------------------

const replicas = new Map()
const buttons = new Map()

function act (method, id) {
  return attempt(() => app().service('replicas')[method]({ id }))
}

function showReplica ({ id, state, pid }) {
  replicas.set(id, { id, state, pid })
  if (!buttons.has(id)) {
    const what = element('span', { className: 'state' })
    const acts = ['start', 'stop', 'kill'].map(method => {
      const words = { start: 'Start', stop: 'Stop', kill: 'Kill -9' }[method]
      const button = element('button', { id: `${method}-${id}`, textContent: words, ariaLabel: `${words} replica ${id}` })
      button.onclick = () => act(method, id)
      return button
    })
    buttons.set(id, { what, acts })
    const line = element('li', {},
      element('span', { className: 'what' }, element('span', { className: 'name', textContent: 'Replica ' + id }), ' ', what), ...acts)
    line.dataset.id = id
    $('replicas').append(line)
  }
  const { what, acts: [start, stop, kill] } = buttons.get(id)
  what.textContent = state + (pid ? `, process ${pid}` : '')
  start.disabled = state !== 'stopped'
  stop.disabled = kill.disabled = state === 'stopped' || state === 'stopping'
}

async function lookAtReplicas () {
  const page = await apps.socket.service('replicas').find()
  page.data.sort((one, other) => one.id.localeCompare(other.id)).forEach(showReplica)
}

for (const event of ['created', 'updated']) apps.socket.service('replicas').on(event, showReplica)
$('stop-both').onclick = () => { for (const id of replicas.keys()) act('stop', id) }
$('start-both').onclick = () => { for (const id of replicas.keys()) act('start', id) }

// ---- asking -----------------------------------------------------------------------------------

const KEEP_MILLIS = 400
const MANY = 20

$('ask').onclick = ask
$('ask-many').onclick = async () => { for (let at = 0; at < MANY; at++) await ask() }
setInterval(() => { if ($('keep').checked && !document.hidden) ask() }, KEEP_MILLIS)

socket.on('connect', () => { attempt(lookAtReplicas); ask() })
socket.on('disconnect', () => showAnswer('bad', 'The gateway is gone; the client tries to come back.'))
