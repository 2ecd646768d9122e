<?php
/**
 * Plugin Name: Health Search box
 * Description: A search form and its results as the shortcode [health_search], without JavaScript.
 *
 * Put this file into wp-content/mu-plugins/, and where the service is into wp-config.php:
 *
 *     define( 'HEALTH_SEARCH_URL', 'http://127.0.0.1:8000' );
 *     define( 'HEALTH_SEARCH_READ_KEY', 'a-key-that-may-search' );
 *
 * The key may be left out where everybody may search; with it all visitors together have the limit
 * of the key, and not that of one address. The form sends the query by POST, so that it stands in no
 * address, no log and no page cache. Nothing is loaded from the service by the visitor's browser.
 *
 * Needs WordPress 5.6 and PHP 7.0.
 */

defined( 'ABSPATH' ) || exit;

add_shortcode( 'health_search', 'health_search_box' );

/** Returns the form, and the results if something was searched for. */
function health_search_box() {
	$query = health_search_box_query();
	ob_start();
	?>
	<form method="post" role="search" class="health-search">
		<label for="health-search-q">Search our health articles</label>
		<input type="search" id="health-search-q" name="health_search_q" maxlength="500" value="<?php echo esc_attr( $query ); ?>">
		<button>Search</button>
	</form>
	<?php
	if ( '' !== $query ) {
		health_search_box_results( health_search_box_answer( $query ) );
	}
	return ob_get_clean();
}

/** Returns what was typed. It is escaped where it is shown. */
function health_search_box_query() {
	$typed = isset( $_POST['health_search_q'] ) ? $_POST['health_search_q'] : '';
	$typed = is_string( $typed ) ? wp_check_invalid_utf8( wp_unslash( $typed ) ) : '';
	return trim( mb_substr( $typed, 0, 500 ) );
}

/** Returns the fields of the search. */
function health_search_box_request( $query ) {
	return array(
		'q'         => $query,
		'per_page'  => 10,
		'language'  => array( substr( get_bloginfo( 'language' ), 0, 2 ) ),
		'highlight' => 'mark',
	);
}

/** Asks the service and returns its answer, or null. */
function health_search_box_answer( $query ) {
	$headers = array( 'Content-Type' => 'application/json' );
	if ( defined( 'HEALTH_SEARCH_READ_KEY' ) ) {
		$headers['Authorization'] = 'Bearer ' . HEALTH_SEARCH_READ_KEY;
	}
	$response = wp_remote_post(
		HEALTH_SEARCH_URL . '/v1/search',
		array(
			'timeout'     => 5,
			'redirection' => 0, // The key is for this service only.
			'headers'     => $headers,
			'body'        => wp_json_encode( health_search_box_request( $query ) ),
		)
	);
	if ( 200 !== wp_remote_retrieve_response_code( $response ) ) {
		return null;
	}
	return json_decode( wp_remote_retrieve_body( $response ), true );
}

/** Prints the results: notices first. */
function health_search_box_results( $answer ) {
	if ( ! is_array( $answer ) ) {
		echo '<p role="status">The search is not available at the moment.</p>';
		return;
	}
	foreach ( $answer['notices'] as $notice ) {
		health_search_box_notice( $notice );
	}
	?>
	<p role="status"><?php echo (int) $answer['total']; ?> articles</p>
	<ol class="health-search-results">
	<?php foreach ( $answer['hits'] as $hit ) : ?>
		<li lang="<?php echo esc_attr( $hit['language'] ); ?>">
			<h3><a href="<?php echo esc_url( $hit['url'] ); ?>"><?php echo health_search_box_marked( $hit['highlights']['title'] ); ?></a></h3>
			<p><?php echo health_search_box_marked( $hit['highlights']['body'] ); ?></p>
			<?php if ( $hit['last_reviewed'] ) : ?>
			<p><small>Last reviewed <?php echo esc_html( $hit['last_reviewed'] ); ?></small></p>
			<?php endif; ?>
		</li>
	<?php endforeach; ?>
	</ol>
	<?php
}

/** Prints a message for emergencies and crises, with what can be done at once. */
function health_search_box_notice( $notice ) {
	?>
	<div class="health-search-notice" role="alert">
		<p><strong><?php echo esc_html( $notice['title'] ); ?></strong> <?php echo esc_html( $notice['text'] ); ?></p>
		<?php foreach ( $notice['actions'] as $action ) : ?>
		<p><a href="<?php echo esc_url( $action['href'], array( 'https', 'tel' ) ); ?>"><?php echo esc_html( $action['label'] ); ?></a></p>
		<?php endforeach; ?>
	</div>
	<?php
}

/** Returns texts as HTML in which only <mark> is markup: the service escapes, and this makes sure. */
function health_search_box_marked( $texts ) {
	return wp_kses( implode( ' … ', $texts ), array( 'mark' => array() ) );
}
