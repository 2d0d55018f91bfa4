/** Preact's own assignment behind `dangerouslySetInnerHTML`, which Fob's code may not use (fob/no-html-strings). */
const isPreacts = (message) =>
  message._type === 'warning' &&
  message.code === 'UNSAFE_VAR_ASSIGNMENT' &&
  /innerHTML/.test(message.message) &&
  /^chunks\/|^content-scripts\//.test(message.file ?? '');

/** What the linter of Firefox's store says about the built extension, but for the one warning that Preact itself causes. */
export function storeViolations({ errors = [], warnings = [], notices = [] }) {
  return [...errors, ...warnings, ...notices]
    .filter((message) => !isPreacts(message))
    .map(
      ({ _type, code, message, file, line }) =>
        `${_type} ${code}${file ? ` in ${file}${line ? `:${line}` : ''}` : ''}: ${message}`,
    );
}
