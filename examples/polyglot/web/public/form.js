// In the browser: sends a text straight to the api, waits for its chart and then shows the page anew.
const api = document.documentElement.dataset.api;
const problem = document.getElementById("problem");

async function call(path, options) {
  const answer = await fetch(api + path, options);
  if (!answer.ok) throw new Error((await answer.json()).error);
  return answer.json();
}

async function untilDone(id) {
  for (let attempt = 0; attempt < 40; attempt += 1) {
    if ((await call(`/jobs/${id}`)).state === "done") return;
    await new Promise(wake => setTimeout(wake, 250));
  }
}

document.getElementById("new").addEventListener("submit", async event => {
  event.preventDefault();
  const body = JSON.stringify({ text: document.getElementById("text").value });
  try {
    const { id } = await call("/jobs", { method: "POST", headers: { "content-type": "application/json" }, body });
    await untilDone(id);
    location.reload();
  } catch (error) {
    problem.textContent = error.message;
  }
});
