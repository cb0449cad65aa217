<?php
// For wp-config.php, above the line "That's all, stop editing!".
define('BELOWLINE_URL', 'http://127.0.0.1:8000');
define('BELOWLINE_KEY', 'bl_...');
// These two may be left out; here are their defaults.
define('BELOWLINE_SECONDS', 2);
define('BELOWLINE_HOLD_AT', ['TOXICITY' => 0.8, 'INSULT' => 0.8, 'OFF_TOPIC' => 0.9]);
