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

// Terms and what is told of them, without those of which there is nothing to tell.
function described(pairs) {
  const list = make("dl");
  for (const [term, told] of pairs) {
    if (told === null || told === "" || (Array.isArray(told) && !told.length)) continue;
    const value = Array.isArray(told) && told.length > 1 ? make("ul", {class: "plain"}, ...told.map(one => make("li", {}, one)))
      : Array.isArray(told) ? told[0] : told;
    list.append(make("dt", {}, term), make("dd", {}, value));
  }
  return list;
}

// The filters of a page are the fragment of its address: those that are not as in `empty` stand in it.
function filtersInAddress(empty) {
  const given = new URLSearchParams(location.hash.slice(1));
  return Object.fromEntries(Object.entries(empty).map(([name, usual]) => [name, given.get(name) ?? usual]));
}

function fragmentOf(filters, empty) {
  const told = new URLSearchParams();
  for (const [name, value] of Object.entries(filters)) if (value !== empty[name]) told.set(name, value);
  return told.toString();
}

function keepInAddress(filters, empty) {
  const fragment = fragmentOf(filters, empty);
  history.replaceState(null, "", fragment ? `#${fragment}` : location.pathname + location.search);
}
