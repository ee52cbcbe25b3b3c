import { render } from 'preact';
import { startSession } from './account/session.ts';
import { App } from './app.tsx';
import { startRouter } from './lib/router.ts';
import './styles/index.css';

startRouter();
startSession();
const root = document.getElementById('app');
if (root) render(<App />, root);
