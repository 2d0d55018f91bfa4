const emptyWords = /(^|[-.])(utils?|helpers?|managers?|misc|common|stuff)(?=[-.]|$)/i;
const kebab = /^[a-z0-9.-]+$/;

/** A file is called after the thing in it, in kebab-case. */
export function fileNameViolations(paths) {
  return paths.flatMap((path) => {
    const isCode = /\.(tsx?|mjs|css|html)$/.test(path);
    return path.split('/').flatMap((name) => {
      const empty = emptyWords.exec(name);
      if (empty) return [`${path}: "${empty[2]}" says nothing about what is in it: call it after the thing.`];
      if (isCode && !kebab.test(name))
        return [`${path}: "${name}" is not kebab-case: token-endpoint.ts, not tokenEndpoint.ts.`];
      return [];
    });
  });
}
