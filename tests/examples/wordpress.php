<?php
// The functions of WordPress that examples/wordpress/belowline-comments.php calls, as small stand-ins.
// Argument: the plugin's file. Standard input: a case as JSON. Standard output: what became of the comment.

$case = json_decode(stream_get_contents(STDIN), true);
$hooks = $meta = $sent = [];
define('ABSPATH', '/');
foreach ($case['settings'] as $name => $value) {
    define($name, $value);
}

class WP_Error
{
    public function get_error_code()
    {
        return 'http_request_failed';
    }
}

function add_filter($name, $call, $priority = 10, $arguments = 1)
{
    $GLOBALS['hooks'][$name] = $call;
}

function add_action($name, $call, $priority = 10, $arguments = 1)
{
    add_filter($name, $call, $priority, $arguments);
}

function get_post($id)
{
    return isset($GLOBALS['case']['posts'][$id]) ? (object) $GLOBALS['case']['posts'][$id] : null;
}

function get_comment($id)
{
    return isset($GLOBALS['case']['comments'][$id]) ? (object) $GLOBALS['case']['comments'][$id] : null;
}

function wp_strip_all_tags($text)
{
    return trim(strip_tags(preg_replace('@<(script|style)[^>]*?>.*?</\\1>@si', '', $text)));
}

function strip_shortcodes($text)
{
    return preg_replace('/\[[^\]]*\]/', '', $text);
}

function wp_unslash($text)
{
    return stripslashes($text);
}

function wp_slash($text)
{
    return addslashes($text);
}

function wp_json_encode($value)
{
    return json_encode($value);
}

function wp_remote_post($address, $arguments)
{
    $GLOBALS['sent'][] = json_decode($arguments['body'], true);
    $headers = '';
    foreach ($arguments['headers'] as $name => $value) {
        $headers .= "$name: $value\r\n";
    }
    $body = @file_get_contents($address, false, stream_context_create(['http' => [
        'method' => 'POST', 'header' => $headers, 'content' => $arguments['body'], 'timeout' => $arguments['timeout'],
        'ignore_errors' => true, 'follow_location' => 0,
    ]]));
    if ($body === false) {
        return new WP_Error();
    }
    return ['body' => $body, 'status' => (int) explode(' ', $http_response_header[0])[1]];
}

function is_wp_error($value)
{
    return $value instanceof WP_Error;
}

function wp_remote_retrieve_body($reply)
{
    return $reply['body'];
}

function wp_remote_retrieve_response_code($reply)
{
    return $reply['status'];
}

function current_user_can($capability)
{
    return $capability === 'moderate_comments' && $GLOBALS['case']['moderator'];
}

function add_comment_meta($id, $key, $value, $unique)
{
    $GLOBALS['meta'][$id][$key] = stripslashes($value);
}

function get_comment_meta($id, $key, $single)
{
    return $GLOBALS['meta'][$id][$key] ?? '';
}

function esc_html($text)
{
    return htmlspecialchars($text, ENT_QUOTES);
}

if (!function_exists('mb_substr')) {
    function mb_substr($text, $start, $length)
    {
        return implode('', array_slice(preg_split('//u', $text, -1, PREG_SPLIT_NO_EMPTY), $start, $length));
    }
}

require $argv[1];

$approved = $hooks['pre_comment_approved']($case['approved'], $case['comment']);
$hooks['wp_insert_comment'](7);
ob_start();
$hooks['manage_comments_custom_column']('belowline', 7);
$shown = ob_get_clean();
echo json_encode(['approved' => $approved, 'shown' => $shown, 'sent' => $sent]);
