// A server of Fero under load: its handler answers, as in Fero's own test of speed.
const listen = require('./child')

listen(async (command, words) => {
  if (command === 'join') {
    const fero = require(process.argv[2])
    await fero('bench', { from: () => 'ack', hosts: '127.0.0.1', ports: [+words.port, +words.port] })
    return {}
  }
  if (command === 'allocated') return { bytes: -1 }
  throw new Error('a server does not ' + command)
})
