// Everything that is shown goes through here, as text: names, keys and documents are what others say.

export const $ = id => document.getElementById(id)

export function element (tag, properties = {}, ...children) {
  const made = Object.assign(document.createElement(tag), properties)
  made.append(...children)
  return made
}

export function svg (tag, attributes = {}, ...children) {
  const made = document.createElementNS('http://www.w3.org/2000/svg', tag)
  for (const [name, value] of Object.entries(attributes)) made.setAttribute(name, value)
  made.append(...children)
  return made
}

/** Writes only what has changed, so a selection of text stays. */
export function say (node, text) {
  if (node.textContent !== text) node.textContent = text
}

/**
 * Keeps a table's rows by key: what is there is changed in place, so focus and selection stay.
 * A cell is a text, or {text, className, title, onclick}.
 */
export function rows (table, heads, items) {
  if (!table.tHead) {
    table.createTHead().append(element('tr', {}, ...heads.map(head =>
      element('th', { scope: 'col', textContent: head.replace(/^>/, ''), className: head.startsWith('>') ? 'right' : '' }))))
    table.append(element('tbody'))
    table.known = new Map()
  }
  const left = new Set(table.known.keys())
  const body = table.tBodies[0]
  items.forEach(({ key, cells }, place) => {
    left.delete(key)
    let row = table.known.get(key)
    if (!row) {
      row = element('tr', {}, ...cells.map((cell, at) =>
        element('td', { className: heads[at].startsWith('>') ? 'right' : '' }, cell.onclick ? element('button', { className: 'plain' }) : '')))
      table.known.set(key, row)
    }
    if (body.rows[place] !== row) body.insertBefore(row, body.rows[place] || null)
    cells.forEach((cell, at) => {
      const { text, className = '', title = '', onclick } = typeof cell === 'object' ? cell : { text: cell }
      const td = row.cells[at]
      const target = onclick ? td.firstChild : td
      say(target, String(text))
      if (onclick) target.onclick = onclick
      td.title = title
      td.className = (heads[at].startsWith('>') ? 'right ' : '') + className
    })
  })
  for (const key of left) {
    table.known.get(key).remove()
    table.known.delete(key)
  }
}

// ---- words and numbers --------------------------------------------------------------------------

const whole = new Intl.NumberFormat('en-GB', { maximumFractionDigits: 0 })

export const count = number => whole.format(number)

export function rate (number) {
  return number >= 1e6 ? (number / 1e6).toFixed(1) + ' M' : number >= 1e4 ? (number / 1e3).toFixed(1) + ' k' : count(number)
}

export function millis (number) {
  return number === 0 ? '–' : number < 10 ? number.toFixed(1) + ' ms' : count(number) + ' ms'
}

export function span (ms) {
  const seconds = Math.floor(ms / 1000)
  if (seconds < 60) return seconds + ' s'
  if (seconds < 3600) return `${Math.floor(seconds / 60)} min`
  return `${Math.floor(seconds / 3600)} h ${Math.floor(seconds / 60) % 60} min`
}

export const clock = at => new Date(at).toLocaleTimeString('en-GB')

/** Of a list, with what the rest comes to. */
export function some (words, most) {
  return words.length <= most ? words.join(', ') : `${words.slice(0, most).join(', ')} and ${words.length - most} more`
}

// ---- lines to try -------------------------------------------------------------------------------

/** A word of a shell's command, whatever is in it. */
export function word (text) {
  return /^[\w@%+=:,./-]+$/.test(text) ? text : `'${text.replace(/'/g, "'\\''")}'`
}

export function tryLines (id, lines) {
  const shown = lines.map(line => line.map(word).join(' '))
  const box = $(id)
  if (box.shown === shown.join('\n')) return
  box.shown = shown.join('\n')
  box.replaceChildren(...shown.map(line => {
    const copy = element('button', { textContent: 'copy', className: 'plain', ariaLabel: 'Copy: ' + line })
    copy.onclick = async () => {
      await navigator.clipboard.writeText(line)
      copy.textContent = 'copied'
      setTimeout(() => { copy.textContent = 'copy' }, 1500)
    }
    return element('p', {}, element('code', { textContent: line }), ' ', copy)
  }))
}

/** JSON on several lines, as it is written: what a number is, a script might not know. */
export function indented (json) {
  let text = ''
  let depth = 0
  let isText = false
  for (let at = 0; at < json.length; at++) {
    const sign = json[at]
    if (isText) {
      text += sign
      if (sign === '\\') text += json[++at] ?? ''
      else if (sign === '"') isText = false
    } else if (sign === '"') {
      isText = true
      text += sign
    } else if (sign === '{' || sign === '[') {
      const isEmpty = json[at + 1] === '}' || json[at + 1] === ']'
      depth++
      text += isEmpty ? sign : sign + '\n' + '  '.repeat(depth)
    } else if (sign === '}' || sign === ']') {
      depth--
      const isEmpty = json[at - 1] === '{' || json[at - 1] === '['
      text += isEmpty ? sign : '\n' + '  '.repeat(Math.max(0, depth)) + sign
    } else if (sign === ',') {
      text += sign + '\n' + '  '.repeat(depth)
    } else {
      text += sign === ':' ? ': ' : sign
    }
  }
  return text
}
