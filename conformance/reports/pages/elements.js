"use strict";
// What a page's script begins with: its data, and elements made of text nodes, as data comes from traces.
const byId = id => document.getElementById(id);
const data = JSON.parse(byId("data").textContent);

function make(tag, attributes = {}, ...children) {
  const element = document.createElement(tag);
  for (const [name, value] of Object.entries(attributes)) {
    if (value !== null && value !== undefined) element.setAttribute(name, value);
  }
  element.append(...children.filter(child => child !== null && child !== undefined));
  return element;
}

// A link only where it leads to the web: an expectation's link is text that somebody wrote.
function link(address, told = address) {
  return /^https?:\/\//.test(address) ? make("a", {href: address, rel: "noreferrer"}, told) : told;
}

