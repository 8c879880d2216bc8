// The protocol of io.tuli.measure.Child: a command a line in, a line of JSON out, and the end of the
// input ends the process.
const readline = require('readline')

module.exports = commands => {
  let before = Promise.resolve()
  const say = answer => process.stdout.write('@ ' + JSON.stringify(answer) + '\n')
  readline
    .createInterface({ input: process.stdin })
    .on('line', line => {
      const [command, ...rest] = line.trim().split(' ')
      const words = Object.fromEntries(rest.filter(Boolean).map(word => word.split('=')))
      before = before
        .then(() => commands(command, words))
        .then(say, failed => {
          console.error(failed)
          say({ error: String(failed) })
        })
    })
    .on('close', () => process.exit(0))
}
