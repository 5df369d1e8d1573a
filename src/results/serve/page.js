"use strict";

// Times ending in S are seconds of the source, those ending in Ms milliseconds of this browser's clock.
const KEPT_S = 300, MAX_GAP_S = 1, MAX_ROWS = 6, TOAST_MS = 4000, RETRY_MS = 3000, REDRAW_MS = 100;
const UNSURE = -1, UNSURE_COLOR = "#8b949e";
const element = (id) => document.getElementById(id);
const pageToken = document.querySelector("meta[name=emotion-page]").content;

let classes = [];            // {name, shown, color} in model order
let spells = [];             // [track, class or UNSURE, startS, endS]
let current = new Map();     // spells of the newest frame by track
let sources = 0;             // number of the source that the spells are from
let frame = null, frameMs = 0, status = null, messages = null;
let events = null, ended = false, redrawnMs = 0, textMs = 0;

const percent = (share) => `${Math.round(100 * share)}\u00a0%`;

function clock(seconds) {
  const whole = Math.max(0, Math.floor(seconds));
  const two = (number) => String(number).padStart(2, "0");
  const hours = Math.floor(whole / 3600), minutes = Math.floor(whole / 60) % 60;
  return hours ? `${hours}:${two(minutes)}:${two(whole % 60)}` : `${minutes}:${two(whole % 60)}`;
}

function setText(node, text) {
  if (node.textContent !== text) node.textContent = text;
}

function toast(text) {
  const node = element("toast");
  node.hidden = false;
  node.textContent = text;
  clearTimeout(toast.timer);
  toast.timer = setTimeout(() => { node.hidden = true; }, TOAST_MS);
}

// ---- Incoming data

function setConnection(state, text) {
  element("connection").dataset.state = state;
  setText(element("connection"), text);
}

async function loadHistory() {
  const answer = await fetch("/api/history");
  if (!answer.ok) return;
  const history = await answer.json();
  classes = history.classes;
  spells = history.spells;
  sources = history.sources;
  current = new Map();
  for (const spell of spells)
    if (spell[3] >= history.now_s - MAX_GAP_S) current.set(spell[0], spell);
  showSeconds();
}

// As in the program itself: a label lasts until the next frame, but at most a second.
function remember(next, before) {
  const nowS = next.time_s, hadGap = !before || nowS - before.time_s > MAX_GAP_S || nowS < before.time_s;
  const last = current;
  current = new Map();
  for (const [track, spell] of last) spell[3] = Math.max(spell[3], Math.min(nowS, spell[3] + MAX_GAP_S));
  for (const face of next.faces) {
    const label = face.label === null ? UNSURE : classes.findIndex((one) => one.name === face.label);
    let spell = last.get(face.track);
    if (!spell || hadGap || spell[1] !== label) {
      spell = [face.track, label, nowS, nowS];
      spells.push(spell);
    }
    current.set(face.track, spell);
  }
  if (status && status.kind === "live")
    while (spells.length && spells[0][3] < nowS - KEPT_S) spells.shift();
}

function take(next) {
  if (classes.length) remember(next, frame);
  announce(next, frame);
  frame = next;
  frameMs = performance.now();
  requestRedraw();
}

function takeStatus(next) {
  status = next;
  if (status.sources !== sources) loadHistory();
  showStatus();
  requestRedraw();
}

function connect() {
  if (ended || document.hidden) return;
  disconnect();
  events = new EventSource("/api/events?status");
  events.onopen = () => {
    loadHistory();
    watchPicture();
  };
  events.onmessage = (event) => take(JSON.parse(event.data));
  events.addEventListener("status", (event) => takeStatus(JSON.parse(event.data)));
  events.addEventListener("end", () => {
    ended = true;
    disconnect();
    setConnection("ended", "ended");
    element("controls").hidden = true;
    toast("The program has ended; the page shows its last state.");
  });
  events.onerror = () => {
    if (ended) return;
    setConnection("lost", "reconnecting");
    if (events && events.readyState === EventSource.CLOSED) setTimeout(connect, RETRY_MS);
  };
}

// A hidden page closes its connections, because browsers limit their number per host.
function disconnect() {
  if (events) events.close();
  events = null;
}

function watchPicture() {
  element("picture").src = `/stream.mjpg?${Date.now()}`;
}

element("picture").addEventListener("error", () => {
  if (!ended && !document.hidden && element("picture").src.includes("stream.mjpg")) setTimeout(watchPicture, RETRY_MS);
});

document.addEventListener("visibilitychange", () => {
  if (ended) return;
  if (document.hidden) {
    disconnect();
    element("picture").removeAttribute("src");
  } else {
    connect();
  }
});

// ---- Display

function makeBars(shown) {
  const bars = document.createElement("div");
  bars.className = shown ? "bars" : "bars other";
  for (const one of classes.filter((each) => each.shown === shown)) {
    const name = document.createElement("span"), bar = document.createElement("span"),
          value = document.createElement("span"), fill = document.createElement("i");
    name.textContent = one.name;
    bar.className = "bar";
    bar.setAttribute("aria-hidden", "true");
    bar.append(fill);
    if (shown) fill.style.setProperty("--fill", one.color);
    bars.append(name, bar, value);
    bars.update ??= [];
    bars.update.push({ name: one.name, fill, value });
  }
  return bars;
}

function makeCard(track) {
  const card = document.createElement("li"), head = document.createElement("div"),
        label = document.createElement("b"), who = document.createElement("span");
  card.dataset.track = track;
  head.className = "face-head";
  who.className = "soft";
  head.append(label, who);
  const bars = [true, false].map(makeBars).filter((each) => each.update);
  card.append(head, ...bars);
  card.label = label;
  card.who = who;
  card.bars = bars.flatMap((each) => each.update);
  return card;
}

function showFaces(withText) {
  const list = element("faces");
  const known = new Map([...list.children].map((card) => [card.dataset.track, card]));
  for (const face of frame.faces) {
    const key = String(face.track);
    const card = known.get(key) ?? list.appendChild(makeCard(face.track));
    known.delete(key);
    setText(card.who, face.neutral ? `face ${face.track}, at rest known` : `face ${face.track}`);
    const color = (classes.find((one) => one.name === face.label) ?? {}).color;
    if (card.color !== color) card.style.setProperty("--label", (card.color = color) ?? "var(--line)");
    for (const bar of card.bars) {
      const share = face.probabilities[bar.name];
      bar.fill.style.transform = `scaleX(${share.toFixed(3)})`;
      if (withText) setText(bar.value, percent(share));
    }
    if (withText) setText(card.label, face.label === null ? "unsure" : `${face.label} ${percent(face.confidence)}`);
  }
  for (const card of known.values()) card.remove();
  element("no-faces").hidden = frame.faces.length > 0;
}

function showSeconds() {
  const list = element("seconds");
  list.replaceChildren();
  const shown = classes.filter((one) => one.shown);
  for (const one of [...shown, { name: "unsure", color: UNSURE_COLOR }]) {
    const item = document.createElement("li"), value = document.createElement("b");
    item.style.setProperty("--fill", one.color);
    value.dataset.label = one.name;
    value.textContent = "0:00";
    item.append(`${one.name} `, value);
    list.append(item);
  }
}

function showStatus() {
  const isLive = status.kind === "live";
  setConnection("live", isLive ? "live" : "working");
  setText(element("source"), status.source || "camera");
  setText(element("rate"), status.rate === null ? "–" : status.rate.toFixed(1));
  setText(element("delay"), status.delay_ms === null ? "–" : `${status.delay_ms.toFixed(0)} ms`);
  setText(element("dropped"), String(status.dropped));
  element("delay-figure").hidden = element("dropped-figure").hidden = !isLive;
  for (const value of element("seconds").querySelectorAll("b"))
    setText(value, clock(status.seconds[value.dataset.label] ?? 0));
  setText(element("timeline-heading"), isLive ? "Last five minutes" : "So far");

  element("progress").hidden = isLive;
  if (!isLive) {
    const share = status.length_s ? Math.min(1, status.time_s / status.length_s) : null;
    if (share === null) element("progress-bar").removeAttribute("value");
    else element("progress-bar").value = share;
    setText(element("progress-text"), status.length_s ? `${clock(status.time_s)} of ${clock(status.length_s)}`
                                                      : clock(status.time_s));
  }
  showControls(status.controls);
}

function showControls(controls) {
  element("controls").hidden = !controls || ended;
  element("problem").hidden = !controls || !(controls.problem || controls.paused);
  if (!controls) return;
  setText(element("problem"), controls.problem || "paused");
  const on = { recording: controls.recording_s !== null, paused: controls.paused, mirror: controls.mirror,
               explain: controls.explain, neutral: controls.neutral };
  for (const button of document.querySelectorAll("button[data-state]"))
    button.setAttribute("aria-pressed", String(on[button.dataset.state]));
  setText(element("record-text"), on.recording ? clock(controls.recording_s) : "Record");
  const thresholds = Object.entries(controls.thresholds);
  setText(element("thresholds"), thresholds.map(([name, least]) => `${name} from ${percent(least)}`).join(", "));
  if (messages !== null && controls.messages !== messages && controls.message) toast(controls.message);
  messages = controls.messages;
}

// Announces changes to screen readers, at most every three seconds.
function announce(next, before) {
  const shown = (which) => which.faces.filter((face) => face.label !== null)
                                .map((face) => `face ${face.track}: ${face.label}`).join(", ");
  const text = shown(next);
  if (!before || text === announce.text) return;
  const nowMs = performance.now();
  if (nowMs - (announce.lastMs ?? -Infinity) < 3000) return;
  announce.lastMs = nowMs;
  announce.text = text;
  element("announcer").textContent = text || "no label";
}

// ---- The timeline

function nowS() {
  if (!frame) return 0;
  const isStill = !status || status.kind !== "live" || (status.controls && status.controls.paused) || ended;
  return frame.time_s + (isStill ? 0 : Math.min(MAX_GAP_S, (performance.now() - frameMs) / 1000));
}

function colorOf(label) {
  return label === UNSURE ? UNSURE_COLOR : (classes[label] ?? {}).color ?? UNSURE_COLOR;
}

function drawTimeline() {
  const canvas = element("timeline"), style = getComputedStyle(document.documentElement);
  const isLive = !status || status.kind === "live";
  const endS = isLive ? nowS() : Math.max(status.length_s ?? 0, nowS(), 1), startS = isLive ? endS - KEPT_S : 0;
  const tracks = [...new Set(spells.filter((spell) => spell[3] >= startS).map((spell) => spell[0]))]
    .slice(-MAX_ROWS).sort((a, b) => a - b);
  const rowHeight = 24, gap = 6, axis = 22, left = 58, right = 8;
  const height = Math.max(1, tracks.length) * (rowHeight + gap) + axis, width = canvas.clientWidth;
  const scale = window.devicePixelRatio || 1;
  if (canvas.height !== Math.round(height * scale) || canvas.width !== Math.round(width * scale)) {
    canvas.style.height = `${height}px`;
    canvas.width = Math.round(width * scale);
    canvas.height = Math.round(height * scale);
  }
  const draw = canvas.getContext("2d");
  draw.setTransform(scale, 0, 0, scale, 0, 0);
  draw.clearRect(0, 0, width, height);
  draw.font = "12px system-ui, 'DejaVu Sans', sans-serif";
  draw.textBaseline = "middle";
  const soft = style.getPropertyValue("--soft"), line = style.getPropertyValue("--line"),
        ground = style.getPropertyValue("--track");
  const x = (timeS) => left + (timeS - startS) / (endS - startS) * (width - left - right);
  const base = height - axis;

  draw.textAlign = "right";
  for (let row = 0; row < Math.max(1, tracks.length); ++row) {
    draw.fillStyle = ground;
    draw.fillRect(left, row * (rowHeight + gap), width - left - right, rowHeight);
    draw.fillStyle = soft;
    if (tracks.length) draw.fillText(`face ${tracks[row]}`, left - 8, row * (rowHeight + gap) + rowHeight / 2);
  }
  for (const [track, label, fromS, untilS] of spells) {
    const row = tracks.indexOf(track);
    if (row < 0 || untilS < startS) continue;
    const from = Math.max(left, x(fromS)), inset = label === UNSURE ? rowHeight * 0.38 : 0;
    draw.fillStyle = colorOf(label);
    draw.fillRect(from, row * (rowHeight + gap) + inset, Math.max(1, x(untilS) - from), rowHeight - 2 * inset);
  }

  const lengthS = endS - startS, most = Math.max(2, Math.floor((width - left) / 80));
  const step = [1, 2, 5, 10, 30, 60, 120, 300, 600, 1800, 3600, 7200].find((one) => lengthS / one <= most) ?? 14400;
  draw.strokeStyle = line;
  for (let k = 0; k * step <= lengthS; ++k) {
    const timeS = isLive ? endS - k * step : k * step;
    draw.beginPath();
    draw.moveTo(x(timeS), base - gap);
    draw.lineTo(x(timeS), base);
    draw.stroke();
    draw.fillStyle = soft;
    draw.textAlign = x(timeS) > width - 24 ? "right" : x(timeS) < left + 8 ? "left" : "center";
    const text = isLive ? (k === 0 ? "now" : `−${clock(k * step)}`) : clock(timeS);
    if (x(timeS) > left + 12 || k === 0) draw.fillText(text, x(timeS), base + axis / 2);
  }
  describeTimeline(canvas, tracks);
}

function describeTimeline(canvas, tracks) {
  const latest = tracks.map((track) => {
    const spell = spells.filter((one) => one[0] === track).at(-1);
    return `face ${track}: ${spell[1] === UNSURE ? "unsure" : (classes[spell[1]] ?? {}).name}`;
  });
  const text = `What each face showed over time. Last: ${latest.join(", ") || "no face"}.`;
  if (canvas.getAttribute("aria-label") !== text) canvas.setAttribute("aria-label", text);
}

// Bars change with every frame, numbers only as often as they can be read.
function redraw() {
  redraw.waits = false;
  const nowMs = performance.now();
  if (frame && classes.length) {
    const withText = nowMs - textMs > 200;
    if (withText) textMs = nowMs;
    showFaces(withText);
  }
  if (nowMs - redrawnMs > REDRAW_MS) {
    redrawnMs = nowMs;
    drawTimeline();
  }
}

function requestRedraw() {
  if (redraw.waits) return;
  redraw.waits = true;
  requestAnimationFrame(redraw);
}

// ---- User input

async function act(action) {
  try {
    const answer = await fetch(`/api/actions/${action}`, { method: "POST", headers: { "X-Emotion-Page": pageToken } });
    if (answer.status === 403 || answer.status === 401) toast("The program was restarted: reload this page.");
    else if (!answer.ok) toast((await answer.json()).error);
  } catch {
    toast("The program does not respond.");
  }
}

for (const button of document.querySelectorAll("button[data-action]"))
  button.addEventListener("click", () => act(button.dataset.action));

const KEYS = { s: "snapshot", r: "record", p: "pause", m: "mirror", e: "explain", n: "neutral", "+": "threshold-up",
               "=": "threshold-up", "-": "threshold-down" };
document.addEventListener("keydown", (event) => {
  if (event.ctrlKey || event.metaKey || event.altKey || event.repeat || element("controls").hidden) return;
  const action = KEYS[event.key];
  if (action) act(action);
});

window.addEventListener("resize", requestRedraw);
setInterval(requestRedraw, 250);
connect();
drawTimeline();
