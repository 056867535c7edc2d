// What the search runs in a worker: see client.js.
self.onmessage = () => {};
