import { defineBackground } from 'wxt/utils/define-background';
import browser from '../../lib/platform/browser';
export default defineBackground({ type: 'module', main() { browser.alarms.onAlarm.addListener(() => {}); } });
