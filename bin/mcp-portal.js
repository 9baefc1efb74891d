#!/usr/bin/env node
'use strict';
// Old syntax, so that an old Node.js can still say that it is too old. Help and version come from a
// text made at build time: nothing else is loaded for them.
var texts = { __proto__: null, '--help': 'help', '-h': 'help', help: 'help', '--version': 'version', '-V': 'version' };
var args = process.argv.slice(2);
var text = args.length === 0 ? 'help' : args.length === 1 ? texts[args[0]] : undefined;

function print(content) {
  try {
    require('fs').writeSync(1, content);
  } catch (error) {
    if (error.code === 'EAGAIN') process.stdout.write(content);
    else if (error.code !== 'EPIPE') throw error;
  }
}

if (Number(process.versions.node.split('.')[0]) < 20) {
  process.stderr.write('mcp-portal needs Node.js 20 or newer; this is ' + process.version + '.\n');
  process.exitCode = 1;
} else if (text !== undefined) {
  print(require('../dist/texts.json')[text]);
} else {
  void require('../dist/main.js').main(args);
}
