// The page of a user study: asks the server what to show, collects ranks, keeps half-made rankings in this browser.
const find = (selector, from = document) => from.querySelector(selector);
const letters = (index) => String.fromCharCode(65 + index);
const ZOOMS = [1, 2, 4, 8];
const MAIN = ["welcome", "ranking", "end"];

let token = null; // stands for the person, until the page is closed
let shown = null; // what the server said of the place: {place, total, done, low, candidates, ranks}
let ranks = []; // one a candidate, null where none is given yet
let zoom = 0;

async function call(name, body) {
  const response = await fetch(`call/${name}`, {
    method: "POST",
    headers: { "content-type": "application/json" },
    body: JSON.stringify(body),
  });
  const answer = await response.json();
  if (!response.ok) throw Object.assign(new Error(answer.error), { status: response.status });
  return answer;
}

/** Runs what a key or button asks for; one at a time, and says where it fails. */
let busy = false;
async function run(work) {
  if (busy) return;
  busy = true;
  try {
    await work();
    find("#problem").hidden = true;
  } catch (error) {
    if (error.status === 401) welcome(find("#person").value); // the server was started again: it must be told who ranks
    find("#problem").textContent = error instanceof TypeError
      ? "The study does not answer. What you ranked before is kept; start it again and reload this page."
      : error.message;
    find("#problem").hidden = false;
  } finally {
    busy = false;
  }
}

function view(name) {
  for (const id of MAIN) find(`#${id}`).hidden = id !== name;
  find("#change").hidden = name === "welcome";
}

// People -----------------------------------------------------------------------------------------------------------

/** Asks who ranks: several people may share this browser, so nobody is taken for the last one unasked. */
function welcome(name) {
  token = null;
  find("#position").textContent = "";
  find("#progress").value = 0;
  find("#person").value = name;
  view("welcome");
  find("#person").focus();
  find("#person").select(); // another name replaces it
}

async function open(person) {
  ({ token } = await call("open", { person }));
  localStorage.setItem("person", person);
  find("#change").textContent = `Not ${person}? Change`;
  await show(null);
}

function change() {
  localStorage.removeItem("person");
  welcome("");
}

find("#open").addEventListener("submit", (event) => {
  event.preventDefault();
  run(() => open(find("#person").value.trim()));
});
for (const id of ["change", "next"]) find(`#${id}`).addEventListener("click", () => run(change));

// One image --------------------------------------------------------------------------------------------------------

async function show(place) {
  shown = await call("show", { token, place });
  const { done, total } = shown;
  find("#progress").max = total;
  find("#progress").value = done;
  if (shown.place === null) {
    find("#position").textContent = `${done} of ${total} ranked`;
    return view("end");
  }
  find("#position").textContent = `Image ${shown.place + 1} of ${total}, ${done} ranked`;
  ranks = shown.ranks ?? draft() ?? shown.candidates.map(() => null);
  setZoom(0);
  find("#low img").src = `image/${shown.low}`;
  find("#candidates").replaceChildren(...shown.candidates.map(card));
  drawRanks();
  view("ranking");
  find("#back").disabled = shown.place === 0;
  find("#images").classList.add("loading"); // all appear at once: how long one takes to load tells nothing
  await Promise.all([...document.images].map((image) => image.decode()));
  find("#images").classList.remove("loading");
  scrollTo(0, 0);
  cards()[0].focus({ preventScroll: true });
}

function card(id, index, all) {
  const part = find("#candidate").content.cloneNode(true), letter = letters(index), image = find("img", part);
  find("li", part).setAttribute("aria-label", `Restoration ${letter}`);
  find("b", part).textContent = letter;
  image.src = `image/${id}`;
  image.alt = `Restoration ${letter}`;
  find("legend", part).textContent = `Rank of ${letter}, 1 is best`;
  find("fieldset", part).append(...all.map((_, i) => {
    const label = document.createElement("label"), radio = document.createElement("input");
    Object.assign(radio, { type: "radio", name: `rank-${index}`, value: i + 1 });
    radio.addEventListener("change", () => setRank(index, i + 1));
    label.append(radio, String(i + 1));
    return label;
  }));
  return part;
}

function cards() {
  return [...find("#candidates").children];
}

function setRank(index, rank) {
  ranks[index] = rank;
  localStorage.setItem(draftName(), JSON.stringify(ranks));
  drawRanks();
}

function drawRanks() {
  cards().forEach((li, index) => {
    const rank = ranks[index];
    find(".rank", li).textContent = rank === null ? "" : `rank ${rank}`;
    li.classList.toggle("ranked", rank !== null);
    for (const radio of li.querySelectorAll("input")) radio.checked = Number(radio.value) === rank;
  });
  const places = [...new Set(ranks.filter((rank) => rank !== null))].sort((a, b) => a - b);
  const order = places.map((place) => ranks.flatMap((rank, i) => rank === place ? letters(i) : []).join(" = "));
  const open = ranks.flatMap((rank, i) => rank === null ? letters(i) : []);
  find("#order").textContent = [
    order.length > 0 ? `Best first: ${order.join(", ")}` : "",
    open.length > 0 ? `to rank: ${open.join(" ")}` : "",
  ].filter(Boolean).join(" · ");
  find("#keep").disabled = open.length > 0;
}

async function keep() {
  if (ranks.includes(null)) return;
  await call("rank", { token, place: shown.place, ranks });
  localStorage.removeItem(draftName());
  await show(null);
}

function draftName() {
  return `draft ${token} ${shown.place}`;
}

function draft() {
  const kept = JSON.parse(localStorage.getItem(draftName()) ?? "null");
  return kept?.length === shown.candidates.length ? kept : null;
}

find("#keep").addEventListener("click", () => run(keep));
find("#back").addEventListener("click", () => run(() => show(shown.place - 1)));
find("#again").addEventListener("click", () => run(() => show(shown.total - 1)));

// Zoom: all images at the same place ---------------------------------------------------------------------------------

function setZoom(level) {
  zoom = level % ZOOMS.length;
  find("#images").style.setProperty("--zoom", ZOOMS[zoom]);
  if (zoom === 0) moveTo(50, 50);
  find("#zoom output").textContent = `${ZOOMS[zoom]}×`;
  find("#zoom").setAttribute("aria-pressed", String(zoom > 0));
}

let focus = [50, 50]; // in percent of the width and height
function moveTo(...place) {
  focus = place.map((percent) => Math.min(100, Math.max(0, percent)));
  find("#images").style.setProperty("--x", `${focus[0]}%`);
  find("#images").style.setProperty("--y", `${focus[1]}%`);
}

function follow(event) {
  const view = event.target.closest(".view"), box = view?.getBoundingClientRect();
  if (view) moveTo(100 * (event.clientX - box.left) / box.width, 100 * (event.clientY - box.top) / box.height);
  return view;
}

find("#zoom").addEventListener("click", () => setZoom(zoom + 1));
find("#images").addEventListener("mousemove", (event) => {
  if (zoom > 0) follow(event);
});
find("#images").addEventListener("click", (event) => {
  if (follow(event)) setZoom(zoom + 1);
});

// Keys -------------------------------------------------------------------------------------------------------------

const PAN = { ArrowLeft: [-10, 0], ArrowRight: [10, 0], ArrowUp: [0, -10], ArrowDown: [0, 10] };

addEventListener("keydown", (event) => {
  if (find("#ranking").hidden || event.ctrlKey || event.altKey || event.metaKey) return;
  const { key } = event, current = cards().findIndex((li) => li.contains(document.activeElement));
  const named = /^[a-z]$/i.test(key) ? key.toUpperCase().charCodeAt(0) - 65 : -1;
  if (key === "Enter" && !document.activeElement.closest("button, summary")) run(keep);
  else if (named >= 0 && named < cards().length) cards()[named].focus();
  else if (key.toLowerCase() === "z") setZoom(zoom + 1);
  else if (event.shiftKey && key in PAN) moveTo(focus[0] + PAN[key][0], focus[1] + PAN[key][1]);
  else if (/^[0-9]$/.test(key) && Number(key) <= ranks.length && current >= 0) setRank(current, Number(key) || null);
  else return;
  event.preventDefault();
});

// Begin: this browser's last person goes on after a confirmation
welcome(localStorage.getItem("person") ?? "");
