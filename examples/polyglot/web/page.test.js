import assert from "node:assert/strict";
import { test } from "node:test";

import { escape, page } from "./page.js";

const API = "http://api.main-shop.localhost:8080";
const done = { id: 7, text: "abc", state: "done", letters: 3 };

test("what has a meaning in HTML is escaped", () => {
  assert.equal(escape(`<a href="x" id='y'>&`), "&lt;a href=&quot;x&quot; id=&#39;y&#39;&gt;&amp;");
});

test("the browser learns the api's public address", () => {
  assert.match(page([], API), new RegExp(`<html lang="en" data-api="${API}">`));
});

test("a job that is done shows its chart from the public address", () => {
  const html = page([done], API);
  assert.ok(html.includes(`<tr><td>7<td>abc<td>done<td><img src="${API}/jobs/7/chart.svg" alt="3 letters">`));
});

test("a job that is pending has no chart yet", () => {
  const html = page([{ ...done, state: "pending", letters: null }], API);
  assert.ok(html.includes("<tr><td>7<td>abc<td>pending<td>\n"));
  assert.ok(!html.includes("<img"));
});

test("a text cannot become part of the page", () => {
  const html = page([{ ...done, text: "<script>alert(1)</script>" }], API);
  assert.ok(html.includes("&lt;script&gt;alert(1)&lt;/script&gt;"));
  assert.ok(!html.includes("<script>alert"));
});

test("an api that does not answer is said, and the form stays", () => {
  const html = page(null, API);
  assert.match(html, /The api does not answer\./);
  assert.match(html, /<form id="new">/);
});
