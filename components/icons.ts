import { h, type JSX } from 'preact';
import * as lucide from 'lucide';

/** A picture in the colour of the words beside it, which say what it means. */
export type Icon = (props: { readonly class?: string | undefined }) => JSX.Element;

/** `turns`: it points, and does so the reading way. */
/* @__NO_SIDE_EFFECTS__ */
function icon(lines: lucide.IconNode, turns = false): Icon {
  return ({ class: own = '' }) =>
    h(
      'svg',
      { class: `icon ${turns ? 'turns' : ''} ${own}`, viewBox: '0 0 24 24', 'aria-hidden': 'true' },
      lines.map(([shape, where]) => h(shape, where)),
    );
}

// Every icon Fob draws: one by one, so that the bundle holds these and no others.
export const Activity = icon(lucide.Activity);
export const ArrowLeft = icon(lucide.ArrowLeft, true);
export const ArrowLeftRight = icon(lucide.ArrowLeftRight);
export const ArrowRight = icon(lucide.ArrowRight, true);
export const Check = icon(lucide.Check);
export const ChevronDown = icon(lucide.ChevronDown);
export const ChevronRight = icon(lucide.ChevronRight, true);
export const CircleAlert = icon(lucide.CircleAlert);
export const CirclePause = icon(lucide.CirclePause);
export const CircleQuestionMark = icon(lucide.CircleQuestionMark);
export const Clock = icon(lucide.Clock);
export const Copy = icon(lucide.Copy);
export const ExternalLink = icon(lucide.ExternalLink);
export const Eye = icon(lucide.Eye);
export const Globe = icon(lucide.Globe);
export const Hourglass = icon(lucide.Hourglass);
export const Info = icon(lucide.Info);
export const Lock = icon(lucide.Lock);
export const LogIn = icon(lucide.LogIn, true);
export const Moon = icon(lucide.Moon);
export const RefreshCw = icon(lucide.RefreshCw);
export const Search = icon(lucide.Search);
export const Settings = icon(lucide.Settings);
export const Shield = icon(lucide.Shield);
export const ShieldCheck = icon(lucide.ShieldCheck);
export const Terminal = icon(lucide.Terminal);
export const Trash2 = icon(lucide.Trash2);
export const WifiOff = icon(lucide.WifiOff);
export const X = icon(lucide.X);
