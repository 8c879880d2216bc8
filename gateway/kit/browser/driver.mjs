// A real browser, driven: what todos.mjs and console.mjs are written with.
import { chromium } from 'playwright-core'
import { existsSync, mkdirSync } from 'node:fs'
import { join } from 'node:path'

const FLAGS = ['--no-sandbox', '--disable-gpu', '--disable-dev-shm-usage', '--disable-background-networking']

/** Runs steps in order; prints each, and the count at the end. A step that fails does not end the others. */
export async function drive (url, steps, { screenshots = process.env.SCREENSHOTS } = {}) {
  const browser = await chromium.launch({ executablePath: browserPath(), args: FLAGS })
  const complaints = []
  const foreign = []
  const open = async (options = {}) => {
    const page = await (await browser.newContext(options)).newPage()
    page.setDefaultTimeout(8000)
    page.on('console', message => { if (message.type() === 'error') complaints.push(message.text()) })
    page.on('pageerror', error => complaints.push(String(error)))
    page.on('request', request => { if (!request.url().startsWith(url) && !/^(data|blob|about):/.test(request.url())) foreign.push(request.url()) })
    await page.goto(url + (options.path || '/'))
    return page
  }
  const shoot = async (page, name, options = {}) => {
    if (!screenshots) return
    mkdirSync(screenshots, { recursive: true })
    await page.screenshot({ path: `${screenshots}/${name}.png`, ...options })
  }
  let failed = 0
  let passed = 0
  const step = async (name, run) => {
    try {
      await run()
      passed++
      console.log('ok  ', name)
    } catch (error) {
      failed++
      console.log('FAIL', name, String(error.message).split('\n').slice(0, 4).join(' '))
    }
  }
  try {
    await steps({ open, shoot, step, complaints, foreign })
  } finally {
    await browser.close()
  }
  console.log(`${passed} of ${passed + failed} passed`)
  process.exit(failed || !passed ? 1 : 0)
}

function browserPath () {
  for (const name of [process.env.BROWSER, 'chromium', 'chromium-browser', 'google-chrome'].filter(Boolean)) {
    if (existsSync(name)) return name
    const found = (process.env.PATH || '').split(':').map(directory => join(directory, name)).find(existsSync)
    if (found) return found
  }
  throw new Error('no Chromium is found; BROWSER names one')
}

/** Waits until a condition holds; looks often. */
export async function until (what, condition, millis = 10000) {
  const end = Date.now() + millis
  for (;;) {
    const value = await condition()
    if (value) return value
    if (Date.now() > end) throw new Error(`not within ${millis} ms: ${what}`)
    await new Promise(resolve => setTimeout(resolve, 25))
  }
}

export function claim (isTrue, what) {
  if (!isTrue) throw new Error(what)
}
