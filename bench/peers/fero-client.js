// A client of Fero: sends as Fero's own test of speed does - all at once, messages encoded before
// the clock starts - and counts the handler's replies.
const listen = require('./child')
const path = require('path')
const crypto = require('crypto')

const POOL = 65536
let cache, messages
let replies, wanted, done

const connect = async words => {
  const fero = require(process.argv[2])
  const Change = require(path.join(process.argv[2], 'messages/change'))
  messages = Array.from({ length: POOL }, (none, i) => {
    const key = crypto.createHash('md5').update('' + i).digest('hex').slice(0, 6)
    const value = crypto.randomBytes(+words.size).toString('latin1').replace(/[^\x20-\x7e]/g, 'x')
    return new Change('update', key, value.slice(0, +words.size - 9)).buffer
  })
  cache = await fero('bench', {
    hosts: '127.0.0.1', ports: [+words.port, +words.port], client: true
  })
  while (!cache.peers.lists.connected.length) await new Promise(done => setTimeout(done, 10))
  cache.on('reply', () => { if (++replies === wanted) done() })
  return {}
}

const round = count => new Promise(resolve => {
  replies = 0
  wanted = count
  const start = process.hrtime.bigint()
  done = () => {
    const nanos = Number(process.hrtime.bigint() - start)
    resolve({ count, nanos, p50Nanos: 0, p90Nanos: 0, p99Nanos: 0, maxNanos: 0, allocatedBytes: -1 })
  }
  for (let i = 0; i < count; i++) cache.peers.send(messages[i % POOL])
})

const warm = async words => {
  const end = Date.now() + words.seconds * 1000
  let last = await round(+words.count)
  while (Date.now() < end) last = await round(+words.count)
  return last
}

listen((command, words) => {
  if (command === 'join') return connect(words)
  if (command === 'warm') return warm(words)
  if (command === 'run') return round(+words.count)
  throw new Error('a client does not ' + command)
})
