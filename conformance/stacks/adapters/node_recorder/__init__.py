"""The recorder for stacks in Node: JavaScript; `start.js` begins it, and says how."""
