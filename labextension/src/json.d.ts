// `resolveJsonModule` would pull package.json under `rootDir`; the bundler reads it well without.
declare module '*/package.json' {
  const manifest: { version: string };
  export default manifest;
}
