const fs = require("node:fs");
const http = require("node:http");

http
  .createServer((request, response) => {
    const found = { name: "npm", user: process.getuid(), port: process.env.PORT, files: fs.readdirSync(".").sort() };
    response.setHeader("content-type", "application/json");
    response.end(JSON.stringify({ ...found, built: require("./built.json"), mode: process.env.NODE_ENV }));
  })
  .listen(process.env.PORT);
