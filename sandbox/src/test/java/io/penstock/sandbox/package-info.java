@NullMarked
package io.penstock.sandbox;

import org.jspecify.annotations.NullMarked;
