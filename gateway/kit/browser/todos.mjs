// Drives the page of `tuli todos`.   URL=http://127.0.0.1:3030 BROWSER=chromium node browser/todos.mjs
import { claim, drive, until } from './driver.mjs'

const url = process.env.URL
const HOSTILE = '<img src=x onerror="window.hacked=1"><script>window.hacked=1</script>'

await drive(url, async ({ open, shoot, step, complaints, foreign }) => {
  const page = await open({ viewport: { width: 1000, height: 900 }, colorScheme: 'light' })
  const answer = () => page.locator('#answer').textContent()
  const answeredBy = async () => /Replica (\w),/.exec(await answer())?.[1]
  const askMany = async () => {
    const before = await page.locator('#dots .dot').count()
    await page.click('#ask-many')
    await until('20 answers', async () => await page.locator('#dots .dot').count() >= Math.min(60, before + 20))
    const dots = await page.locator('#dots .dot').allTextContents()
    return new Set(dots.slice(-20))
  }
  const isState = (id, state) => until(`replica ${id} is ${state}`, async () =>
    (await page.locator(`#replicas li[data-id=${id}]`).textContent()).includes(state), 20000)

  await step('reloading the page shows answers of both replicas', async () => {
    const seen = new Set()
    await until('both have answered', async () => {
      await page.reload()
      seen.add(await until('an answer', answeredBy))
      return seen.size === 2
    })
    await isState('a', 'running')
    await isState('b', 'running')
  })
  await step('over Socket.IO and over REST both answer in turn', async () => {
    const socket = await askMany()
    claim(socket.has('a') && socket.has('b'), 'over the socket: ' + [...socket])
    await page.check('input[value=rest]')
    const rest = await askMany()
    claim(rest.has('a') && rest.has('b'), 'over REST: ' + [...rest])
    await page.check('input[value=socket]')
    await shoot(page, 'todos-light', { fullPage: true })
  })
  await step('what is added in one window is seen in another, and is text whatever it says', async () => {
    const other = await open({ viewport: { width: 320, height: 640 }, colorScheme: 'dark' })
    await page.fill('#title', HOSTILE)
    await page.press('#title', 'Enter')
    await until('the other window shows it', async () => (await other.locator('#todos').textContent()).includes(HOSTILE))
    claim(!await other.evaluate(() => window.hacked), 'a title was run as a script')
    claim(await other.evaluate(() => document.documentElement.scrollWidth <= 320), 'a page 320 px wide does not scroll sideways')
    await shoot(other, 'todos-dark-320', { fullPage: true })
    await other.locator('#todos li', { hasText: '<img' }).locator('button').click()
    await until('it is removed here', async () => !(await page.locator('#todos').textContent()).includes('<img'))
    await other.close()
  })
  await step('one is stopped, by the keyboard: then always the other', async () => {
    await page.focus('#stop-a')
    await page.keyboard.press('Enter')
    await isState('a', 'stopped')
    claim([...await askMany()].join() === 'b', 'only b answers')
  })
  await step('it is started again: both', async () => {
    await page.click('#start-a')
    await isState('a', 'running')
    await until('both answer', async () => { const seen = await askMany(); return seen.has('a') && seen.has('b') })
  })
  await step('one is killed with -9 while it is asked: then always the other', async () => {
    await page.check('#keep')
    await page.click('#kill-b')
    await isState('b', 'stopped')
    await page.uncheck('#keep')
    await until('only a answers', async () => [...await askMany()].join() === 'a')
  })
  await step('both are stopped: an error that says so, at once', async () => {
    await page.click('#stop-both')
    await isState('a', 'stopped')
    await page.click('#ask')
    await until('an error', async () => (await answer()).includes("Service 'todos' not found"), 1000)
    const millis = await page.evaluate(async () => {
      const begun = performance.now()
      const response = await fetch('todos')
      return response.status === 404 ? performance.now() - begun : -1
    })
    claim(millis >= 0 && millis < 500, `404 at once: ${millis} ms`)
    await shoot(page, 'todos-both-stopped', { fullPage: true })
  })
  await step('one is started again: it is back, without a reload', async () => {
    await page.click('#start-b')
    await isState('b', 'running')
    await page.click('#ask')
    await until('b answers', async () => await answeredBy() === 'b')
    claim((await page.locator('#todos li').count()) > 0, 'todos are shown')
  })
  await step('no other origin was asked for anything, and nothing was refused by the policy', async () => {
    claim(foreign.length === 0, 'asked: ' + foreign)
    const unexpected = complaints.filter(text => !text.includes('404'))
    claim(unexpected.length === 0, unexpected.join(' | '))
  })
})
