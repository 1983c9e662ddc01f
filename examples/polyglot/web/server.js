import express from "express";

import { page } from "./page.js";

const PORT = 3000;
const { API_URL, NEXT_PUBLIC_API_URL } = process.env;
if (!API_URL || !NEXT_PUBLIC_API_URL) throw new Error("API_URL and NEXT_PUBLIC_API_URL must be set");

const app = express();
app.disable("x-powered-by");
app.use(express.static("public"));

app.get("/healthz", (request, response) => response.json({ status: "ok" }));

app.get("/", async (request, response) => {
  const jobs = await newestJobs();
  response.status(jobs === null ? 502 : 200).send(page(jobs, NEXT_PUBLIC_API_URL));
});

/** What the api lists, over the private network; null when it does not answer. */
async function newestJobs() {
  try {
    const answer = await fetch(`${API_URL}/jobs`, { signal: AbortSignal.timeout(3000) });
    return answer.ok ? await answer.json() : null;
  } catch (error) {
    console.error(`the api does not answer: ${error.message}`);
    return null;
  }
}

const server = app.listen(PORT, () => console.log(`listening on ${PORT}`));

// As process 1 of a container a program gets no default handling of SIGTERM.
process.on("SIGTERM", () => {
  server.close(() => process.exit(0));
  server.closeIdleConnections();
});
