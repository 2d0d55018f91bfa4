import { dynamicallyLoadedBy, loadedBy } from './scripts/checks/size-budgets.mjs';

const built = 'dist/chrome-mv3';
/** A part of the build with all that it loads at once: what its imports name, whatever the build calls it. */
const whole = (part) => [...loadedBy(built, part)].map((file) => `${built}/${file}`);
const script = (name, file, limit) => ({ name, path: whole(file), limit, gzip: true });

export default [
  script('console script: Prowler', 'content-scripts/prowler.js', '12 kB'),
  script('console script: CloudCheckr', 'content-scripts/cloudcheckr.js', '12 kB'),
  script('console script: Esper', 'content-scripts/esper.js', '12 kB'),
  script('console script: Run:ai', 'content-scripts/runai.js', '12 kB'),
  script('console script: Agilicus', 'content-scripts/agilicus.js', '12 kB'),
  script('panel', 'panel.js', '15 kB'),
  script('background', 'background.js', '44 kB'),
  script('popup, until it shows its first view', 'popup.html', '35 kB'),
  {
    name: 'popup, right after that',
    path: [
      ...[...dynamicallyLoadedBy(built, 'popup.html')].map((file) => `${built}/${file}`),
      `${built}/assets/later.css`,
    ],
    limit: '15 kB',
    gzip: true,
  },
  script('options', 'options.html', '35 kB'),
  script('clipboard, off screen', 'clipboard.html', '1 kB'),
  { name: 'zip', path: 'dist/fob-*-chrome-mv3.zip', limit: '160 kB', brotli: false },
];
