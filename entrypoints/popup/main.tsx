import { render } from 'preact';
import { i18n } from '#i18n';
render(<h1>{i18n.t('appName')}</h1>, document.getElementById('root')!);
