import { plain } from './names';

/** A name from outside: cleaned, and isolated from the direction of the words around it. */
export function Name({ of }: { of: string }) {
  return <bdi>{plain(of)}</bdi>;
}
