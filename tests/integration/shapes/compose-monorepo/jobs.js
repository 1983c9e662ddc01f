// The other program of the same source.
const { createServer } = require("node:http");

createServer((request, response) => {
  response.end(JSON.stringify({ level: process.env.LOG_LEVEL, zone: process.env.TZ, jobs: true }));
}).listen(3000);
