# Two functions of known sizes, so that messages about offsets are the same on every machine. Built with
#   as --64 -o two_functions.o two_functions.s && ld -z noseparate-code --build-id=none -o two_functions.elf two_functions.o
	.text
	.globl	_start
	.type	_start, @function
_start:
	mov	$60, %eax
	xor	%edi, %edi
	syscall
	.size	_start, . - _start
	.globl	second
	.type	second, @function
second:
	ret
	.size	second, . - second
