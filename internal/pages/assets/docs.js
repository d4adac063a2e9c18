// Lists the operations of an OpenAPI 3.1 document. All text of the document
// enters the page as text, never as markup.
"use strict";

const list = document.getElementById("operations");
const words = list.dataset;
const verbs = ["get", "post", "put", "patch", "delete", "head", "options", "trace"];

// make returns an element with a class, a text and children.
function make(name, className, ...children) {
  const element = document.createElement(name);
  if (className) element.className = className;
  element.append(...children.filter((child) => child !== null && child !== undefined));
  return element;
}

// follow resolves a reference into the same document ("#/components/…").
function follow(spec, value) {
  for (let steps = 0; value && value.$ref && steps < 16; steps++) {
    const path = value.$ref.replace(/^#\//, "").split("/");
    value = path.reduce((at, key) => at && at[key.replaceAll("~1", "/").replaceAll("~0", "~")], spec);
  }
  return value || {};
}

// kind describes a schema in a few words.
function kind(spec, schema) {
  const name = schema && schema.$ref ? schema.$ref.split("/").pop() : "";
  const known = follow(spec, schema);
  let types = [].concat(known.type || []);
  if (types.includes("array")) {
    const items = kind(spec, known.items || {}) + "[]";
    types = types.map((type) => (type === "array" ? items : type));
  }
  let text = name && types.includes("object") ? name : types.join(" | ") || name;
  if (known.format) text += ` (${known.format})`;
  if (known.enum) text += `: ${known.enum.join(", ")}`;
  return text;
}

// table lists rows of [name, kind, required, meaning]; first heads the names.
function table(title, first, rows) {
  if (rows.length === 0) return null;
  const head = make("tr", "", ...[first, words.kind, words.meaning].map((word) => make("th", "", word)));
  const body = rows.map(([name, type, required, meaning]) =>
    make("tr", "",
      make("td", "", make("code", "", name)),
      make("td", "", required ? `${type} · ${words.required}` : type),
      make("td", "", meaning || "")));
  const scroll = make("div", "scroll", make("table", "", make("thead", "", head), make("tbody", "", ...body)));
  scroll.tabIndex = 0;
  return make("section", "", make("h3", "", title), scroll);
}

// bodyRows lists the members of a JSON request body.
function bodyRows(spec, operation) {
  const content = follow(spec, operation.requestBody).content || {};
  const media = content["application/json"] || Object.values(content)[0];
  if (!media) return [];
  const schema = follow(spec, media.schema);
  const required = schema.required || [];
  return Object.entries(schema.properties || {})
    .filter(([name]) => name !== "$schema")
    .map(([name, value]) => [name, kind(spec, value), required.includes(name), follow(spec, value).description || value.description]);
}

function answerRows(spec, operation) {
  return Object.entries(operation.responses || {}).map(([status, answer]) => {
    const known = follow(spec, answer);
    const media = Object.values(known.content || {})[0];
    return [status, media ? kind(spec, media.schema) : "", false, known.description];
  });
}

// show makes the folded entry of one operation.
function show(spec, verb, path, shared, operation) {
  const parameters = shared.concat(operation.parameters || []).map((parameter) => {
    const known = follow(spec, parameter);
    return [known.name, `${known.in} ${kind(spec, known.schema || {})}`, known.required, known.description];
  });
  const entry = make("details", "operation",
    make("summary", "",
      make("span", `verb ${verb}`, verb.toUpperCase()),
      make("code", "path", path),
      make("span", "gist", operation.summary || "")),
    make("div", "detail",
      operation.description ? make("p", "", operation.description) : null,
      table(words.parameters, words.field, parameters),
      table(words.body, words.field, bodyRows(spec, operation)),
      table(words.answers, words.status, answerRows(spec, operation))));
  entry.dataset.text = [verb, path, operation.summary, operation.operationId].join(" ").toLowerCase();
  return entry;
}

// group sorts the operations under their first tag, in the document's order.
function group(spec) {
  const groups = new Map();
  for (const [path, item] of Object.entries(spec.paths || {})) {
    for (const verb of verbs) {
      const operation = item[verb];
      if (!operation) continue;
      const tag = (operation.tags || [])[0] || words.other;
      if (!groups.has(tag)) groups.set(tag, []);
      groups.get(tag).push(show(spec, verb, path, item.parameters || [], operation));
    }
  }
  return groups;
}

// filter hides what does not contain every typed word.
function filter(text) {
  const wanted = text.toLowerCase().split(/\s+/).filter(Boolean);
  for (const section of list.querySelectorAll(".group")) {
    let left = 0;
    for (const entry of section.querySelectorAll(".operation")) {
      entry.hidden = !wanted.every((word) => entry.dataset.text.includes(word));
      if (!entry.hidden) left++;
    }
    section.hidden = left === 0;
  }
}

async function load() {
  const progress = setTimeout(() => list.replaceChildren(make("p", "help", words.loading)), 400);
  try {
    const answer = await fetch(words.source, { headers: { Accept: "application/json" } });
    if (!answer.ok) throw new Error(String(answer.status));
    const groups = group(await answer.json());
    clearTimeout(progress);
    list.replaceChildren(...[...groups].map(([tag, entries]) => make("section", "group", make("h2", "", tag), ...entries)));
    if (groups.size === 0) list.replaceChildren(make("p", "help", words.none));
    const field = document.getElementById("filter-field");
    field.hidden = groups.size === 0;
    field.querySelector("input").addEventListener("input", (event) => filter(event.target.value));
  } catch {
    clearTimeout(progress);
    list.replaceChildren(make("p", "alert", words.failed));
  }
}

load();
