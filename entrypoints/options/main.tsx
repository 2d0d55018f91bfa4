import '../../components/tokens.css';
import '../../components/base.css';
import '../../components/page.css';
import { render } from 'preact';
import { Page } from './page';

const root = document.getElementById('root');
if (root) render(<Page />, root);
