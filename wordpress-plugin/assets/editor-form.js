/**
 * The form in which a person edits the texts, in the panel of the block editor.
 */
( function ( wp, aiRelay ) {
	'use strict';

	const { createElement: el, useEffect, useRef, useState } = wp.element;
	const { Button, TextControl, TextareaControl } = wp.components;
	const { __, sprintf } = wp.i18n;

	/** Characters as the server counts them. */
	function length( text ) {
		return Array.from( text.trim() ).length;
	}

	function list( text ) {
		return text
			.split( ',' )
			.map( ( word ) => word.trim() )
			.filter( ( word, place, all ) => word && all.indexOf( word ) === place );
	}

	/** What is wrong with a text, '' when nothing is, and how much of it there is. */
	function measure( name, text ) {
		if ( name === 'keywords' ) {
			const [ most, longest ] = aiRelay.keywords;
			const words = list( text );
			return {
				isWrong: words.length > most || words.some( ( word ) => length( word ) > longest ),
				/* translators: 1: how many keywords there are, 2: how many there may be. */
				count: sprintf( __( '%1$d of %2$d keywords, separated by commas', 'ai-relay' ), words.length, most ),
			};
		}
		const limit = aiRelay.limits[ name ];
		return {
			isWrong: length( text ) > limit,
			/* translators: 1: how many characters there are, 2: how many there may be. */
			count: sprintf( __( '%1$d of %2$d characters', 'ai-relay' ), length( text ), limit ),
		};
	}

	function Field( { name, text, onChange } ) {
		const { isWrong, count } = measure( name, text );
		const isLong = name === 'summary' || name === 'seo_description';
		return el( isLong ? TextareaControl : TextControl, {
			className: 'ai-relay-edit-' + name.replace( '_', '-' ) + ( isWrong ? ' is-too-long' : '' ),
			label: aiRelay.labels[ name ],
			value: text,
			help: isWrong ? count + ' – ' + __( 'too long', 'ai-relay' ) : count,
			'aria-invalid': isWrong,
			rows: name === 'summary' ? 6 : 4,
			onChange,
			__nextHasNoMarginBottom: true,
			__next40pxDefaultSize: true,
		} );
	}

	/** @param {{values: Object, isBusy: boolean, onSave: Function, onCancel: Function}} props */
	aiRelay.Form = function ( { values, isBusy, onSave, onCancel } ) {
		const names = Object.keys( aiRelay.labels );
		const [ texts, setTexts ] = useState( Object.assign( {}, values, { keywords: values.keywords.join( ', ' ) } ) );
		const form = useRef();
		useEffect( () => form.current.querySelector( 'textarea, input' ).focus(), [] );

		function save() {
			const edited = {};
			names.forEach( function ( name ) {
				const value = name === 'keywords' ? list( texts[ name ] ) : texts[ name ].trim();
				if ( JSON.stringify( value ) !== JSON.stringify( values[ name ] ) ) {
					edited[ name ] = value;
				}
			} );
			onSave( edited );
		}

		return el(
			'div',
			{ className: 'ai-relay-form', ref: form, role: 'group', 'aria-label': __( 'Edit the texts', 'ai-relay' ) },
			names.map( ( name ) =>
				el( Field, {
					key: name,
					name,
					text: texts[ name ],
					onChange: ( text ) => setTexts( Object.assign( {}, texts, { [ name ]: text } ) ),
				} )
			),
			el(
				'div',
				{ className: 'ai-relay-buttons' },
				el(
					Button,
					{
						variant: 'primary',
						className: 'ai-relay-save',
						isBusy,
						disabled: isBusy || names.some( ( name ) => measure( name, texts[ name ] ).isWrong ),
						onClick: save,
					},
					__( 'Save', 'ai-relay' )
				),
				el( Button, { variant: 'tertiary', className: 'ai-relay-cancel', disabled: isBusy, onClick: onCancel }, __( 'Cancel', 'ai-relay' ) )
			)
		);
	};
} )( window.wp, window.aiRelay );
