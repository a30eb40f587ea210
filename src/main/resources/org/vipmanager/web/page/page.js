// Keeps the page up to date: /events says when something has changed, and every two seconds the numbers are read again.
// Only what differs is touched, so that an opened sentence stays open and the keyboard stays where it is.
"use strict";

const live = document.getElementById("live");
const said = document.getElementById("said");
let reading = false;
let again = false;
let readAt = Date.now();

function adapt(to, from) {
    for (const {name, value} of [...from.attributes]) {
        if (to.getAttribute(name) !== value) to.setAttribute(name, value);
    }
    for (const {name} of [...to.attributes]) {
        if (!from.hasAttribute(name) && name !== "open") to.removeAttribute(name);
    }
    const old = [...to.childNodes];
    const next = [...from.childNodes];
    next.forEach((node, i) => {
        const known = old[i];
        if (!known) {
            to.append(node);
        } else if (known.nodeType !== node.nodeType || known.nodeName !== node.nodeName) {
            known.replaceWith(node);
        } else if (node.nodeType === Node.ELEMENT_NODE) {
            adapt(known, node);
        } else if (known.data !== node.data) {
            known.data = node.data;
        }
    });
    old.slice(next.length).forEach(node => node.remove());
}

function mark(text, kind) {
    if (live.textContent !== text) live.textContent = text;
    if (live.className !== kind) live.className = kind;
}

async function read() {
    if (reading) {
        again = true;
        return;
    }
    reading = true;
    try {
        const answer = await fetch("./", {cache: "no-store", signal: AbortSignal.timeout(10000)});
        if (!answer.ok) throw new Error(answer.status);
        const page = new DOMParser().parseFromString(await answer.text(), "text/html");
        const main = document.getElementById("main");
        const before = main.dataset.said;
        adapt(main, page.getElementById("main"));
        adapt(document.querySelector("header time"), page.querySelector("header time"));
        document.title = page.title;
        readAt = Date.now();
        mark("live", "live");
        if (main.dataset.said !== before) said.textContent = main.dataset.said;
    } catch (trouble) {
        mark("this daemon has not answered for " + Math.round((Date.now() - readAt) / 1000) + " s", "lost");
        if (Date.now() - readAt > 4000 && said.textContent !== "This daemon does not answer.") {
            said.textContent = "This daemon does not answer.";
        }
    } finally {
        reading = false;
        if (again) {
            again = false;
            read();
        }
    }
}

let events;

function listen() {
    events = new EventSource("events");
    events.addEventListener("change", read);
    // Refused, such as when too many listen: the numbers are read all the same.
    events.onerror = () => {
        if (events.readyState === EventSource.CLOSED) setTimeout(() => document.hidden || listen(), 10000);
    };
}

function look() {
    if (events) events.close();
    if (!document.hidden) {
        listen();
        read();
    }
}

document.addEventListener("visibilitychange", look);
setInterval(() => document.hidden || read(), 2000);
mark("live", "live");
look();
