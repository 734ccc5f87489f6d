// Imports one module in a worker of its own, and says what is wrong with it.

globalThis.onmessage = async ({ data }) => {
  try {
    await import(data);
    globalThis.postMessage("");
  } catch (error) {
    globalThis.postMessage(String(error));
  }
};
