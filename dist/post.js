// The post step: most of the time there is nothing to finish, and then nothing is loaded. The names are those of
// `RotationState` in 4-rotate-and-write/state.ts; what is settled is empty.
if (Object.keys(process.env).some((name) => /^STATE_rotation-\d+-intent$/i.test(name) && process.env[name])) {
    await import('./index.js');
}
export {};
