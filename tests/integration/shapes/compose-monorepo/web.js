// Shows what the api says, over the private network.
const { createServer } = require("node:http");

createServer(async (request, response) => {
  const answer = await fetch(`http://api:8000${request.url}`).catch(() => null);
  response.statusCode = answer ? answer.status : 502;
  response.end(JSON.stringify({ level: process.env.LOG_LEVEL, api: answer && (await answer.json()) }));
}).listen(3000);
