import './base.css';
import './sidebar.css';
import './places.css';
import './visualization.css';
import './artifact.css';
import './mime.css';
