// The page as text: pure, so that what it does with a hostile text can be tested.

const ENTITIES = { "&": "&amp;", "<": "&lt;", ">": "&gt;", '"': "&quot;", "'": "&#39;" };

export function escape(text) {
  return String(text).replace(/[&<>"']/g, character => ENTITIES[character]);
}

/** One job's row. `publicUrl` is the api's address as the browser knows it. */
function row(job, publicUrl) {
  const chart = job.state === "done"
    ? `<img src="${escape(`${publicUrl}/jobs/${job.id}/chart.svg`)}" alt="${job.letters} letters">`
    : "";
  return `<tr><td>${job.id}<td>${escape(job.text)}<td>${escape(job.state)}<td>${chart}`;
}

/** The whole page. `jobs` is null when the api did not answer. */
export function page(jobs, publicUrl) {
  const rows = jobs === null
    ? `<tr><td colspan="4" role="alert">The api does not answer.`
    : jobs.map(job => row(job, publicUrl)).join("\n");
  return `<!doctype html>
<html lang="en" data-api="${escape(publicUrl)}">
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<title>Letter charts</title>
<link rel="icon" href="data:,">
<link rel="stylesheet" href="/style.css">
<h1>Letter charts</h1>
<p>This page is made in Node from what the Go api says; the form calls the api from your browser; a Python worker
draws the charts and puts them into an S3 store.</p>
<form id="new">
  <input id="text" aria-label="Text" maxlength="10000" required>
  <button>Draw</button>
</form>
<p id="problem" role="alert"></p>
<table>
<thead><tr><th>Job<th>Text<th>State<th>Chart</thead>
<tbody id="jobs">
${rows}
</tbody>
</table>
<script type="module" src="/form.js"></script>
</html>
`;
}
