// Drives the console of `tuli todos`.   URL=http://127.0.0.1:3030 BROWSER=chromium node browser/console.mjs
import { claim, drive, until } from './driver.mjs'

const url = process.env.URL
const HOSTILE = '<img src=x onerror="window.hacked=1">\'; rm -rf $(pwd) #'

const press = (method, id) => fetch(url + '/replicas', {
  method: 'POST', headers: { 'Content-Type': 'application/json', 'X-Service-Method': method }, body: JSON.stringify({ id })
})
const create = todo => fetch(url + '/todos', { method: 'POST', headers: { 'Content-Type': 'application/json' }, body: JSON.stringify(todo) })

for (const id of ['a', 'b']) await press('start', id) // where it was stopped

await drive(url, async ({ open, shoot, step, complaints, foreign }) => {
  const page = await open({ viewport: { width: 1600, height: 1000 }, colorScheme: 'light', path: '/console/?service=todos' })
  const text = selector => page.locator(selector).textContent()
  const owners = () => page.evaluate(() => [...new Set([...document.querySelectorAll('#ring-pieces path')].map(each => each.getAttribute('class').split(' ')[1]))].filter(each => each !== 'none').length)

  await step('the ring has all partitions, in the colours of two owners', async () => {
    await until('256 partitions', async () => await page.locator('#ring-pieces path').count() === 256)
    await until('two owners', async () => await owners() === 2, 30000)
    claim(await page.locator('#legend li').count() === 2, 'a legend of two')
  })
  await step('members, services and the graph show who is there', async () => {
    await until('three members', async () => await page.locator('#members-table tbody tr').count() === 3)
    await until('two digests of the same colour', async () => await page.locator('#members-table td.good').count() >= 2)
    await until('two services', async () => await page.locator('#services-table tbody tr').count() === 2)
    claim((await text('#services-table')).includes('find'), 'methods')
    claim(await page.locator('#graph-svg g.process').count() === 3, 'processes')
    claim(await page.locator('#graph-svg path.serves').count() === 3, 'lines to what is served')
  })
  await step('keys and documents are text whatever they say, and numbers are as they are', async () => {
    await create({ id: HOSTILE, title: HOSTILE })
    await page.fill('#prefix', '<img')
    await page.press('#prefix', 'Enter')
    await page.locator('#keys-list button', { hasText: '<img' }).click()
    await until('the document', async () => (await text('#document')).includes('"title": "<img'))
    claim(/partition \d+, owner [ab]/.test(await text('#document-facts')), await text('#document-facts'))
    claim((await text('#keys-try')).includes(`'"'"'`) || (await text('#keys-try')).includes(`'\\''`), 'the key is quoted in the line for a shell')
    claim(!await page.evaluate(() => window.hacked), 'a key was run as a script')
    await shoot(page, 'console-light', { fullPage: true })
  })
  await step('the live tail tells changes as they are committed', async () => {
    await page.fill('#prefix', '')
    await page.press('#prefix', 'Enter')
    await page.check('#tail')
    await until('a change', async () => {
      await create({ title: 'told at once' })
      return (await text('#changes')).includes('told at once')
    })
  })
  await step('a partition and a service are chosen by the keyboard', async () => {
    await page.focus('#ring-svg')
    const before = Number(/Partition (\d+)/.exec(await text('#partition'))[1])
    await page.keyboard.press('ArrowRight')
    const after = new RegExp(`^Partition ${(before + 1) % 256}: owner [ab], epoch`)
    await until('the next partition', async () => after.test(await text('#partition')))
    await page.keyboard.press('ArrowLeft')
    await until('and back', async () => (await text('#partition')).startsWith(`Partition ${before}:`))
    await page.focus('#service')
    await page.keyboard.press('ArrowUp')
    await until('the other service', async () => page.url().includes('service=replicas'))
    await page.selectOption('#service', 'todos')
    await until('back', async () => await owners() === 2)
  })
  await step('one is killed with -9: the ring shows what moves, and the events say so', async () => {
    await press('kill', 'b')
    await until('one owner of all', async () => await owners() === 1, 20000)
    await until('what has moved', async () => /partitions moved: \d+\.\d %/.test(await text('#ring-caption')))
    await until('two members', async () => await page.locator('#members-table tbody tr').count() === 2)
    await until('an event', async () => (await text('#events-list')).includes('member left'))
    await shoot(page, 'console-killed', { fullPage: true })
  })
  await step('it comes back: two owners, equal digests', async () => {
    await press('start', 'b')
    await until('two owners', async () => await owners() === 2, 30000)
    await until('equal', async () => (await text('#services-table')).includes('equal'))
    claim((await text('#live')) === 'live', 'the stream goes on')
  })
  await step('dark, and 320 px wide, nothing is cut off', async () => {
    const small = await open({ viewport: { width: 320, height: 700 }, colorScheme: 'dark', path: '/console/' })
    await until('a ring', async () => await small.locator('#ring-pieces path').count() === 256)
    claim(await small.evaluate(() => document.documentElement.scrollWidth <= 320), 'it does not scroll sideways')
    await shoot(small, 'console-dark-320', { fullPage: true })
    await small.close()
    const wide = await open({ viewport: { width: 2200, height: 1200 }, colorScheme: 'dark', path: '/console/?service=todos' })
    await until('a ring', async () => await wide.locator('#ring-pieces path').count() === 256)
    await shoot(wide, 'console-dark-wide')
    await wide.close()
  })
  await step('no other origin was asked for anything, and nothing was refused by the policy', async () => {
    claim(foreign.length === 0, 'asked: ' + foreign)
    claim(complaints.length === 0, complaints.join(' | '))
  })
})
