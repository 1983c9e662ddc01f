// A page that says by which host it was asked.
const { createServer } = require("node:http");

createServer((request, response) => {
  response.setHeader("Content-Type", "text/html");
  response.end(`<h1>A site</h1><p>asked as ${request.headers.host.split(":")[0]}</p>`);
}).listen(process.env.PORT);
