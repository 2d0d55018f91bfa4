import type { Instant } from '../lib/core/time';
import { type SessionView, stateAt, type StateRole } from '../lib/core/view';
import { i18n } from '#i18n';
import styles from './fob.module.css';
import { type Shape, tenantMark } from './tenant-mark';
import { leftSpoken } from './time-words';

/** Part of a life that is left, 0 to 100; `unknown`: it has an end nobody told us; absent: no ring. */
export type Ring = number | 'unknown';

/** Whose fob is drawn, how large, and with which rings. */
export type FobProps = {
  readonly tenant: { readonly id: string; readonly name?: string };
  readonly size?: 'sm' | 'md' | 'row' | 'lg';
  readonly role?: StateRole;
  readonly token?: Ring;
  /** The outer ring, drawn at size `lg` only. */
  readonly signIn?: Ring;
  /** Says chip and rings as one; without it the words beside it do. */
  readonly label?: string;
};

/** The one object that stands for a session everywhere: a tenant's chip inside its life ring. */
export function Fob({ tenant, size = 'row', role = 'off', token, signIn, label }: FobProps) {
  const mark = tenantMark(tenant);
  const twoRings = size === 'lg' && signIn !== undefined;
  const bare = token === undefined && !twoRings;
  const scale = bare ? 2.5 : size === 'lg' ? 1.52 : 1.72;
  const inset = 32 - 12 * scale;
  return (
    <svg
      class={`${styles.fob} ${styles[size]}`}
      viewBox="0 0 64 64"
      data-hue={mark.hue}
      data-role={role}
      {...(label === undefined ? { 'aria-hidden': 'true' } : { role: 'img', 'aria-label': label })}
    >
      {twoRings && <LifeRing of={signIn} radius={31} width={2.5} class={styles.signIn} />}
      {token !== undefined && <LifeRing of={token} radius={size === 'lg' ? 26.5 : 29} width={4} class={styles.token} />}
      <g transform={`translate(${inset} ${inset}) scale(${scale})`}>
        <Outline shape={mark.shape} />
        <text class={styles.letter} x="12" y="16.3">
          {mark.letter}
        </text>
      </g>
    </svg>
  );
}

function LifeRing(props: { of: Ring; radius: number; width: number; class: string | undefined }) {
  const circle = { cx: 32, cy: 32, r: props.radius, 'stroke-width': props.width };
  if (props.of === 'unknown') return <circle class={styles.unknown} {...circle} />;
  return (
    <>
      <circle class={styles.track} {...circle} />
      {props.of > 0 && (
        <circle
          class={`${styles.life} ${props.class}`}
          {...circle}
          pathLength={100}
          stroke-dasharray={`${props.of} 100`}
        />
      )}
    </>
  );
}

function Outline({ shape }: { shape: Shape }) {
  switch (shape) {
    case 'hexagon':
      return <path class={styles.shape} d="M12 1.6 21 6.8v10.4L12 22.4 3 17.2V6.8Z" stroke-width="1.6" />;
    case 'circle':
      return <circle class={styles.shape} cx="12" cy="12" r="10.75" />;
    case 'diamond':
      return (
        <rect class={styles.shape} x="3.6" y="3.6" width="16.8" height="16.8" rx="3" transform="rotate(45 12 12)" />
      );
    case 'leaf':
      return (
        <path class={styles.shape} d="M12 2h9a1 1 0 0 1 1 1v9a10 10 0 0 1-10 10H3a1 1 0 0 1-1-1v-9A10 10 0 0 1 12 2Z" />
      );
    case 'shield':
      return (
        <path
          class={styles.shape}
          d="M12 1.8 21 4.4v7.3c0 5.3-3.7 8.9-9 10.7-5.3-1.8-9-5.4-9-10.7V4.4Z"
          stroke-width="1.2"
        />
      );
    case 'square':
      return <rect class={styles.shape} x="2.25" y="2.25" width="19.5" height="19.5" rx="4.5" />;
  }
}

/** The rings of a session: how much of each life is left. */
export function ringsOf(session: SessionView, now: Instant): { readonly token: Ring; readonly signIn: Ring } {
  return {
    // A token nobody accepts any more has no life left, whatever its end.
    token:
      stateAt(session, now).kind === 'needs_sign_in' ? 0 : part(session.token.issuedAt, session.token.expiresAt, now),
    // When a sign-in began is not known: it is shown against a day, the longest any vendor gives.
    signIn:
      session.signIn.expiresAt === undefined
        ? 'unknown'
        : percent((session.signIn.expiresAt - now) / (24 * 60 * 60 * 1000)),
  };
}

/** Chip and rings in one sentence. */
export function ringsSpoken(session: SessionView, now: Instant): string {
  const { expiresAt } = session.token;
  const token =
    expiresAt === undefined ? i18n.t('ringTokenUnknown') : i18n.t('ringToken', { left: leftSpoken(expiresAt - now) });
  const signIn = session.signIn.expiresAt;
  return signIn === undefined || session.signIn.whose === 'console'
    ? token
    : `${token}, ${i18n.t('ringSignIn', { left: leftSpoken(signIn - now) })}`;
}

function part(from: Instant | undefined, until: Instant | undefined, now: Instant): Ring {
  if (until === undefined) return 'unknown';
  if (from === undefined || from >= until) return until > now ? 100 : 0;
  return percent((until - now) / (until - from));
}

const percent = (share: number): number => Math.round(Math.min(1, Math.max(0, share)) * 100);
