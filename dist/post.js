if (Object.keys(process.env).some((name) => /^STATE_rotation-\d+-intent$/i.test(name) && process.env[name])) {
    await import('./index.js');
}
export {};
