import './base.css';
import './sidebar.css';
import './visualization.css';
import './artifact.css';
import './mime.css';
