// The post step: most of the time there is nothing to finish, and then nothing is loaded. The names are those of
// `state` in 4-rotate-and-write/state.ts.
if (process.env.STATE_intent && !process.env.STATE_settled)
    await import('./index.js');
export {};
