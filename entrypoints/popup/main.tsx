import '../../lib/platform/polyfill';
import '../../components/tokens.css';
import '../../components/base.css';
import '../../components/page.css';
import { render } from 'preact';
import { speak } from '../../components/locale';
import { App } from './app';

speak(document.documentElement);
const root = document.getElementById('root');
if (root) render(<App />, root);
